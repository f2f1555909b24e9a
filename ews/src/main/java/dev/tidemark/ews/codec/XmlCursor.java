package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.MalformedMessageException;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;

/// Walks over the elements of one untrusted message, on Aalto's stream reader without data binding, because
/// every callback passes here.
///
/// Refuses DTDs, and so every entity, and messages that exceed the limits. Skips comments and processing
/// instructions. Not thread-safe; used for one message.
///
/// After [#nextChild] returned true, the caller consumes that element completely: by [#text], by [#skip], or by
/// calling [#nextChild] until it returns false.
final class XmlCursor implements AutoCloseable {
    static final int MAX_DEPTH = 32;
    static final int MAX_ELEMENTS = 200_000;
    static final int MAX_ATTRIBUTES = 32;
    static final int MAX_TEXT = 64 * 1024;

    /// Prefix of attribute names for a data binder; no name of an element can begin with it.
    static final String ATTRIBUTE_MARK = "@";

    private static final XmlReaderFactory READERS = new XmlReaderFactory();

    private final XMLStreamReader reader;
    /// True if the message is long enough for a value beyond [#MAX_TEXT]. Otherwise the cursor skips the check
    /// of attribute values, which creates each value a second time.
    private final boolean holdsLongValues;

    private int depth;
    private int elements;

    private XmlCursor(XMLStreamReader reader, boolean holdsLongValues) {
        this.reader = reader;
        this.holdsLongValues = holdsLongValues;
    }

    /// Opens a message and moves to its root element.
    static XmlCursor over(byte[] message) throws MalformedMessageException {
        try {
            var cursor = new XmlCursor(READERS.open(message), message.length > MAX_TEXT);
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
        requireShort(text);
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
            requireShort(rest);
        }
        return rest;
    }

    private static void requireShort(CharSequence text) throws MalformedMessageException {
        if (text.length() > MAX_TEXT) {
            throw new MalformedMessageException("A text in the message is longer than " + MAX_TEXT + " characters.");
        }
    }

    /// Returns a reader of the current element for a data binder. It obeys the cursor's limits, skips elements
    /// outside of `namespaces`, and marks attributes by [#ATTRIBUTE_MARK]. Texts may have any length.
    XMLStreamReader only(Set<String> namespaces) {
        return new BinderReader(reader, namespaces);
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
        var outside = depth - 1;
        while (depth > outside) {
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

    private int advance() throws MalformedMessageException {
        try {
            var event = reader.next();
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> enter();
                case XMLStreamConstants.END_ELEMENT -> depth--;
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

    private void enter() throws MalformedMessageException {
        if (++depth > MAX_DEPTH) {
            throw new MalformedMessageException("The message nests elements deeper than " + MAX_DEPTH + ".");
        }
        if (++elements > MAX_ELEMENTS) {
            throw new MalformedMessageException("The message has more than " + MAX_ELEMENTS + " elements.");
        }
        if (reader.getAttributeCount() > MAX_ATTRIBUTES || reader.getNamespaceCount() > MAX_ATTRIBUTES) {
            throw new MalformedMessageException("An element has more than " + MAX_ATTRIBUTES + " attributes.");
        }
        for (var i = 0; holdsLongValues && i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeValue(i).length() > MAX_TEXT) {
                throw new MalformedMessageException("An attribute is longer than " + MAX_TEXT + " characters.");
            }
        }
    }

    private static boolean isUnqualified(String namespace) {
        return namespace == null || namespace.isEmpty();
    }

    private MalformedMessageException notWellFormed(Exception cause) {
        var at = reader.getLocation();
        return new MalformedMessageException(
                "The message is not well-formed XML near line " + at.getLineNumber() + ", column "
                        + at.getColumnNumber() + ".",
                cause);
    }

    /// Presents the current element to a data binder, as described at [XmlCursor#only].
    private final class BinderReader extends StreamReaderDelegate {
        private final Set<String> namespaces;

        private BinderReader(XMLStreamReader reader, Set<String> namespaces) {
            super(reader);
            this.namespaces = namespaces;
        }

        @Override
        public int next() throws XMLStreamException {
            try {
                var event = advance();
                while (event == XMLStreamConstants.START_ELEMENT && !namespaces.contains(namespace())) {
                    skip();
                    event = advance();
                }
                return event;
            } catch (MalformedMessageException e) {
                throw new XMLStreamException(e.getMessage(), e);
            }
        }

        @Override
        public String getAttributeLocalName(int index) {
            var prefix = isUnqualified(getAttributeNamespace(index)) ? "" : getAttributeNamespace(index) + ":";
            return ATTRIBUTE_MARK + prefix + super.getAttributeLocalName(index);
        }

        private String namespace() {
            var namespace = getNamespaceURI();
            return namespace == null ? "" : namespace;
        }
    }
}
