package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.MalformedMessageException;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;

/// Presents the current element of a cursor to a data binder, as described at [XmlCursor#only]. Not thread-safe;
/// used for one element.
final class BinderReader extends StreamReaderDelegate {
    private final XmlCursor cursor;
    private final Set<String> namespaces;

    BinderReader(XmlCursor cursor, XMLStreamReader reader, Set<String> namespaces) {
        super(reader);
        this.cursor = cursor;
        this.namespaces = namespaces;
    }

    @Override
    public int next() throws XMLStreamException {
        try {
            var event = cursor.advance();
            while (event == XMLStreamConstants.START_ELEMENT && !namespaces.contains(namespace())) {
                cursor.skip();
                event = cursor.advance();
            }
            return event;
        } catch (MalformedMessageException e) {
            throw new XMLStreamException(e.getMessage(), e);
        }
    }

    @Override
    public String getAttributeLocalName(int index) {
        var prefix = XmlCursor.isUnqualified(getAttributeNamespace(index)) ? "" : getAttributeNamespace(index) + ":";
        return XmlCursor.ATTRIBUTE_MARK + prefix + super.getAttributeLocalName(index);
    }

    private String namespace() {
        var namespace = getNamespaceURI();
        return namespace == null ? "" : namespace;
    }
}
