package dev.tidemark.simulator.soap;

import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/// Builds a tree whose elements know their line and column, for the faults that report them. Not thread-safe;
/// used for one document.
final class PositionedTreeBuilder extends DefaultHandler {
    private final Document document;
    private Node current;
    private @Nullable Locator locator;

    PositionedTreeBuilder(Document empty) {
        document = empty;
        current = empty;
    }

    Element root() throws SAXException {
        var root = document.getDocumentElement();
        if (root == null) {
            throw new SAXException("The document has no root element.");
        }
        return root;
    }

    @Override
    public void setDocumentLocator(Locator positions) {
        locator = positions;
    }

    @Override
    public void startElement(String namespace, String name, String qualified, Attributes attributes) {
        var element = document.createElementNS(namespace.isEmpty() ? null : namespace, qualified);
        for (var i = 0; i < attributes.getLength(); i++) {
            var of = attributes.getQName(i).startsWith("xmlns")
                    ? XMLConstants.XMLNS_ATTRIBUTE_NS_URI
                    : attributes.getURI(i);
            element.setAttributeNS(of.isEmpty() ? null : of, attributes.getQName(i), attributes.getValue(i));
        }
        if (locator != null) {
            element.setUserData(
                    SourcePosition.KEY, new SourcePosition(locator.getLineNumber(), locator.getColumnNumber()), null);
        }
        current.appendChild(element);
        current = element;
    }

    @Override
    public void endElement(String namespace, String name, String qualified) {
        current = current.getParentNode();
    }

    @Override
    public void characters(char[] text, int start, int length) {
        current.appendChild(document.createTextNode(new String(text, start, length)));
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }
}
