package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.MalformedMessageException;
import javax.xml.stream.XMLStreamReader;

/// Limits depth, elements, attributes and texts of one message. Throws [MalformedMessageException] beyond a limit.
/// Not thread-safe; used by one [XmlCursor].
final class XmlLimits {
    static final int MAX_DEPTH = 32;
    static final int MAX_ELEMENTS = 200_000;
    static final int MAX_ATTRIBUTES = 32;
    static final int MAX_TEXT = 64 * 1024;

    /// True if the message is long enough for a value beyond [#MAX_TEXT]. Otherwise no attribute value is checked,
    /// because the check creates each value a second time.
    private final boolean holdsLongValues;

    private int depth;
    private int elements;

    /// @param length length of the message in bytes
    XmlLimits(int length) {
        this.holdsLongValues = length > MAX_TEXT;
    }

    int depth() {
        return depth;
    }

    /// Counts the element that the reader stands on, and checks its attributes.
    void enter(XMLStreamReader reader) throws MalformedMessageException {
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

    void leave() {
        depth--;
    }

    static void requireShort(CharSequence text) throws MalformedMessageException {
        if (text.length() > MAX_TEXT) {
            throw new MalformedMessageException("A text in the message is longer than " + MAX_TEXT + " characters.");
        }
    }
}
