package dev.tidemark.simulator;

import java.util.ArrayDeque;
import java.util.Deque;

/// Builds a document on one line, as Exchange writes it. Names carry their prefix; the caller declares it on
/// the root. Not thread-safe.
final class XmlDocumentBuilder {
    static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
    static final String MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
    static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";
    static final String ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors";

    private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    private final Deque<String> open = new ArrayDeque<>();

    /// Opens an element. Attributes are given as name, value, name, value.
    XmlDocumentBuilder open(String name, String... attributes) {
        start(name, attributes).append('>');
        open.push(name);
        return this;
    }

    XmlDocumentBuilder close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    XmlDocumentBuilder text(String name, String value, String... attributes) {
        open(name, attributes);
        escape(value);
        return close();
    }

    XmlDocumentBuilder text(String name, boolean value) {
        return text(name, Boolean.toString(value));
    }

    XmlDocumentBuilder text(String name, long value) {
        return text(name, Long.toString(value));
    }

    XmlDocumentBuilder empty(String name, String... attributes) {
        start(name, attributes).append("/>");
        return this;
    }

    /// Closes all open elements and returns the document.
    String finish() {
        while (!open.isEmpty()) {
            close();
        }
        return out.toString();
    }

    private StringBuilder start(String name, String... attributes) {
        out.append('<').append(name);
        for (var i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        return out;
    }

    private void escape(String text) {
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\r', '\n', '\t' -> out.append("&#").append(point).append(';');
                default -> out.appendCodePoint(point);
            }
        });
    }
}
