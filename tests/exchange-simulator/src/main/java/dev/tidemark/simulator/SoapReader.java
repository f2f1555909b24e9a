package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.SimulatorException;
import java.io.IOException;
import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// Reads envelopes with the JDK's parser. It shares no code with the codec of `ews`, so each finds the other's
/// mistakes. Rejects documents with a DTD.
final class SoapReader {
    /// Children of the header and the only child of the body.
    record Envelope(ChildElementReader header, Element body) {}

    private SoapReader() {}

    /// Reads an envelope. Throws [SAXException] unless it is a SOAP 1.1 envelope with one body element.
    static Envelope read(String document) throws SAXException {
        var root = parse(document);
        if (!ChildElementReader.is(root, XmlDocumentBuilder.SOAP, "Envelope")) {
            throw new SAXException("The document is not a SOAP 1.1 envelope.");
        }
        var parts = new ChildElementReader(root);
        var header = parts.optional(XmlDocumentBuilder.SOAP, "Header")
                .orElseGet(() -> root.getOwnerDocument().createElementNS(XmlDocumentBuilder.SOAP, "Header"));
        var body = parts.optional(XmlDocumentBuilder.SOAP, "Body")
                .flatMap(element -> new ChildElementReader(element).any());
        return new Envelope(
                new ChildElementReader(header),
                body.orElseThrow(() -> new SAXException("The envelope has an empty body.")));
    }

    private static Element parse(String document) throws SAXException {
        try {
            return builder().parse(new InputSource(new StringReader(document))).getDocumentElement();
        } catch (IOException e) {
            throw new SAXException(e);
        }
    }

    private static DocumentBuilder builder() {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return builder;
        } catch (ParserConfigurationException e) {
            throw new SimulatorException("The JDK's XML parser rejects its standard settings.", e);
        }
    }
}
