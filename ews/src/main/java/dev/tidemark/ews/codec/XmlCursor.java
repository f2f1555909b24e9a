package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.MalformedMessageException;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Walks over the elements of one untrusted message, on Aalto's stream reader without data binding, because
/// every callback passes here.
///
/// Refuses DTDs, and so every entity, and messages that exceed the limits. Skips comments and processing
/// instructions. Not thread-safe; used for one message.
///
/// After [#nextChild] returned true, the caller consumes that element completely: by [#text], by [#skip], or by
/// calling [#nextChild] until it returns false.
final class XmlCursor implements AutoCloseable {
    /// Prefix of attribute names for a data binder; no name of an element can begin with it.
    static final String ATTRIBUTE_MARK = "@";

    private static final XmlReaderFactory READERS = new XmlReaderFactory();

    private final XMLStreamReader reader;
    private final XmlLimits limits;

    private XmlCursor(XMLStreamReader reader, XmlLimits limits) {
        this.reader = reader;
        this.limits = limits;
    }

    /// Opens a message and moves to its root element.
    static XmlCursor over(byte[] message) throws MalformedMessageException {
        try {
            var cursor = new XmlCursor(READERS.open(message), new XmlLimits(message.length));
            cursor.toRoot();
            return cursor;
        } catch (XMLStreamException | RuntimeException e) {
            throw new MalformedMessageException("The message is not well-formed XML in a known encoding.", e);
        }
    }

    boolean is(String namespace, String name) {
        return name.equals(reader.getLocalName()) && namespace.equals(reader.getNamespaceURI());
    }

    boolean isIn(String namespace) {
        return namespace.equals(reader.getNamespaceURI());
    }

    String name() {
        return reader.getLocalName();
    }

    /// Returns an attribute of the current element that is in no namespace.
    Optional<String> attribute(String name) {
        for (var i = 0; i < reader.getAttributeCount(); i++) {
            if (name.equals(reader.getAttributeLocalName(i)) && isUnqualified(reader.getAttributeNamespace(i))) {
                return Optional.of(reader.getAttributeValue(i));
            }
        }
        return Optional.empty();
    }

    /// Moves to the next child of the current element, or leaves that element and returns false.
    boolean nextChild() throws MalformedMessageException {
        while (true) {
            switch (advance()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                case XMLStreamConstants.END_DOCUMENT -> throw new MalformedMessageException("The message ends early.");
                default -> {
                    // text between elements has no meaning in these messages
                }
            }
        }
    }

    /// Returns the current element's text without surrounding blanks, and leaves the element. Skips elements
    /// within it.
    String text() throws MalformedMessageException {
        var event = advance();
        var text = "";
        if (isText(event)) {
            text = characters();
            event = advance();
        }
        // nearly every text has one piece
        if (event != XMLStreamConstants.END_ELEMENT) {
            text = text + rest(event);
        }
        XmlLimits.requireShort(text);
        return text.strip();
    }

    /// Returns the pieces of a text from `event` on.
    private StringBuilder rest(int event) throws MalformedMessageException {
        var rest = new StringBuilder();
        for (var next = event; next != XMLStreamConstants.END_ELEMENT; next = advance()) {
            if (next == XMLStreamConstants.START_ELEMENT) {
                skip();
            } else if (isText(next)) {
                rest.append(characters());
            }
            XmlLimits.requireShort(rest);
        }
        return rest;
    }

    /// Returns a reader of the current element for a data binder. It obeys the cursor's limits, skips elements
    /// outside of `namespaces`, and marks attributes by [#ATTRIBUTE_MARK]. Texts may have any length.
    XMLStreamReader only(Set<String> namespaces) {
        return new BinderReader(this, reader, namespaces);
    }

    private static boolean isText(int event) {
        return event == XMLStreamConstants.CHARACTERS
                || event == XMLStreamConstants.CDATA
                || event == XMLStreamConstants.SPACE;
    }

    /// Returns the text. The parser reads texts lazily, so it may find here that they are malformed.
    private String characters() throws MalformedMessageException {
        try {
            return reader.getText();
        } catch (RuntimeException e) {
            throw notWellFormed(e);
        }
    }

    /// Leaves the current element with its content.
    void skip() throws MalformedMessageException {
        var outside = limits.depth() - 1;
        while (limits.depth() > outside) {
            advance();
        }
    }

    /// Reads to the end, so that the text after the root element is also checked.
    void finish() throws MalformedMessageException {
        while (advance() != XMLStreamConstants.END_DOCUMENT) {
            // comments and blanks
        }
    }

    @Override
    public void close() throws MalformedMessageException {
        try {
            reader.close();
        } catch (XMLStreamException e) {
            throw notWellFormed(e);
        }
    }

    private void toRoot() throws MalformedMessageException {
        while (advance() != XMLStreamConstants.START_ELEMENT) {
            // declaration, comments
        }
    }

    /// Moves to the next event of the parser, and enforces the limits.
    int advance() throws MalformedMessageException {
        try {
            var event = reader.next();
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> limits.enter(reader);
                case XMLStreamConstants.END_ELEMENT -> limits.leave();
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new MalformedMessageException("The message has a DTD or an entity, which SOAP forbids.");
                default -> {
                    // nothing to count
                }
            }
            return event;
        } catch (XMLStreamException | RuntimeException e) {
            throw notWellFormed(e);
        }
    }

    /// Returns whether an attribute with this namespace has none; the parser reports null or an empty text.
    static boolean isUnqualified(String namespace) {
        return namespace == null || namespace.isEmpty();
    }

    private MalformedMessageException notWellFormed(Exception cause) {
        var at = reader.getLocation();
        return new MalformedMessageException(
                "The message is not well-formed XML near line " + at.getLineNumber() + ", column "
                        + at.getColumnNumber() + ".",
                cause);
    }
}
