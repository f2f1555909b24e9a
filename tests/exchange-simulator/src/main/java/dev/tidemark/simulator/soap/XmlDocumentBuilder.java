package dev.tidemark.simulator.soap;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;

/// Builds a document on one line, as Exchange writes it. Names carry their prefix; the caller declares it on
/// the root. Not thread-safe.
public final class XmlDocumentBuilder {
    public static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
    public static final String MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
    public static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";
    public static final String ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors";

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    public XmlDocumentBuilder() {
        out.append("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    }

    private XmlDocumentBuilder(String start) {
        out.append(start);
    }

    /// Returns a builder for a document without an XML declaration, or for a part of one.
    public static XmlDocumentBuilder fragment() {
        return new XmlDocumentBuilder("");
    }

    /// Writes text into the open element.
    public XmlDocumentBuilder content(String text) {
        escape(text);
        return this;
    }

    /// Writes a timestamp; Exchange's have whole seconds.
    public XmlDocumentBuilder time(String name, Instant instant) {
        return text(name, seconds(instant));
    }

    public static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Inserts markup as it is.
    public XmlDocumentBuilder raw(String markup) {
        out.append(markup);
        return this;
    }

    /// Opens an element. Attributes are given as name, value, name, value.
    public XmlDocumentBuilder open(String name, String... attributes) {
        start(name, attributes).append('>');
        open.push(name);
        return this;
    }

    public XmlDocumentBuilder close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    public XmlDocumentBuilder text(String name, String value, String... attributes) {
        open(name, attributes);
        escape(value);
        return close();
    }

    public XmlDocumentBuilder text(String name, boolean value) {
        return text(name, Boolean.toString(value));
    }

    public XmlDocumentBuilder text(String name, long value) {
        return text(name, Long.toString(value));
    }

    public XmlDocumentBuilder empty(String name, String... attributes) {
        start(name, attributes).append("/>");
        return this;
    }

    /// Closes all open elements and returns the document.
    public String finish() {
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
