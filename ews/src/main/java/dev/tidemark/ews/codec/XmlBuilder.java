package dev.tidemark.ews.codec;

import com.fasterxml.aalto.stax.OutputFactoryImpl;
import dev.tidemark.ews.message.EwsNamespaces;
import dev.tidemark.values.InvalidValueException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes a SOAP message element by element into memory. Element names have the prefixes that the envelope
/// declares: `s`, `m` and `t`, or `s`, `a` and `w` for autodiscover. Not thread-safe; used for one message.
final class XmlBuilder {
    /// Immutable after creation, so threads can share it.
    private static final XMLOutputFactory FACTORY = new OutputFactoryImpl();

    private static final Map<String, String> NAMESPACES = Map.of(
            "s", EwsNamespaces.SOAP,
            "m", EwsNamespaces.MESSAGES,
            "t", EwsNamespaces.TYPES,
            "a", EwsNamespaces.AUTODISCOVER,
            "w", EwsNamespaces.ADDRESSING);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    private final XMLStreamWriter writer;

    private XmlBuilder() throws XMLStreamException {
        writer = FACTORY.createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
        writer.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
    }

    /// Opens an envelope of Exchange Web Services.
    static XmlBuilder envelope() {
        return envelope("s", "m", "t");
    }

    /// Opens an envelope with these namespaces declared.
    static XmlBuilder envelope(String... prefixes) {
        try {
            var xml = new XmlBuilder().start("s:Envelope");
            for (var prefix : prefixes) {
                xml.writer.writeNamespace(prefix, namespace(prefix));
            }
            return xml;
        } catch (XMLStreamException e) {
            throw unwritable(e);
        }
    }

    XmlBuilder start(String name) {
        try {
            var prefix = name.substring(0, 1);
            writer.writeStartElement(prefix, name.substring(2), namespace(prefix));
            return this;
        } catch (XMLStreamException e) {
            throw unwritable(e);
        }
    }

    /// Opens an element with one attribute.
    XmlBuilder start(String name, String attribute, String value) {
        return start(name).attribute(attribute, value);
    }

    /// Adds an attribute to the element just opened.
    XmlBuilder attribute(String name, String value) {
        try {
            writer.writeAttribute(name, value);
            return this;
        } catch (XMLStreamException e) {
            throw unwritable(e);
        }
    }

    private static String namespace(String prefix) {
        return Objects.requireNonNull(NAMESPACES.get(prefix), prefix);
    }

    XmlBuilder end() {
        try {
            writer.writeEndElement();
            return this;
        } catch (XMLStreamException e) {
            throw unwritable(e);
        }
    }

    XmlBuilder leaf(String name, String text) {
        start(name);
        try {
            writer.writeCharacters(text);
        } catch (XMLStreamException e) {
            throw unwritable(e);
        }
        return end();
    }

    /// Closes all open elements and returns the message.
    byte[] bytes() {
        try {
            writer.writeEndDocument();
            writer.close();
            return out.toByteArray();
        } catch (XMLStreamException e) {
            throw unwritable(e);
        }
    }

    private static InvalidValueException unwritable(XMLStreamException cause) {
        var failure = new InvalidValueException("A value of the request cannot be written as XML.");
        failure.initCause(cause);
        return failure;
    }
}
