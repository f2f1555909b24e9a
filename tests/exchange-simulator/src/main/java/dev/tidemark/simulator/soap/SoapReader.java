package dev.tidemark.simulator.soap;

import dev.tidemark.simulator.mailbox.SimulatorException;
import java.io.IOException;
import java.io.StringReader;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Reads envelopes with the JDK's parser. It shares no code with the codec of `ews`, so each finds the other's
/// mistakes. Rejects documents with a DTD.
public final class SoapReader {
    /// Children of the header and the only child of the body.
    public record Envelope(ChildElementReader header, Element body) {}

    /// Parsers that no thread uses at present; a new one costs more than the parsing of a document.
    private static final Deque<XmlParser> IDLE = new ConcurrentLinkedDeque<>();

    private record XmlParser(SAXParser parser, DocumentBuilder documents) {}

    private SoapReader() {}

    /// Reads an envelope. Throws [SAXException] unless it is a SOAP 1.1 envelope with one body element.
    public static Envelope read(String document) throws SAXException {
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

    /// Reads any document and returns its root, whose elements know their positions.
    public static Element parse(String document) throws SAXException {
        var tools = Optional.ofNullable(IDLE.poll()).orElseGet(SoapReader::parser);
        try {
            tools.parser().reset();
            var tree = new PositionedTreeBuilder(tools.documents().newDocument());
            tools.parser().parse(new InputSource(new StringReader(document)), tree);
            return tree.root();
        } catch (IOException e) {
            throw new SAXException(e);
        } finally {
            IDLE.push(tools);
        }
    }

    private static XmlParser parser() {
        try {
            var factory = SAXParserFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://xml.org/sax/features/namespace-prefixes", true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return new XmlParser(
                    factory.newSAXParser(), DocumentBuilderFactory.newInstance().newDocumentBuilder());
        } catch (ParserConfigurationException | SAXException e) {
            throw new SimulatorException("The JDK's XML parser rejects its standard settings.", e);
        }
    }
}
