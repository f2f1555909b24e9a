package dev.tidemark.testsupport;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Schema of Exchange Server SE, if it lies in `shared/ews/xsd` beside the project. The project does not distribute it.
/// Thread-safe.
public final class EwsSchema {
    /// Reason for which a test is skipped without the schema.
    public static final String ABSENT = "the schema is not here: shared/ews/xsd/messages.xsd beside the project";

    private static final Optional<EwsSchema> FOUND = Stream.iterate(
                    Optional.of(Path.of("").toAbsolutePath()),
                    Optional::isPresent,
                    folder -> folder.map(Path::getParent))
            .flatMap(Optional::stream)
            .map(folder -> folder.resolve("shared/ews/xsd"))
            .filter(folder -> Files.exists(folder.resolve("messages.xsd")))
            .findFirst()
            .map(EwsSchema::read);

    private final Schema schema;

    private EwsSchema(Schema schema) {
        this.schema = schema;
    }

    /// Returns the schema, or empty if it is absent.
    public static Optional<EwsSchema> find() {
        return FOUND;
    }

    private static EwsSchema read(Path folder) {
        try {
            // types.xsd uses xml:lang without declaring its location
            return new EwsSchema(SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                    .newSchema(Stream.of("xml.xsd", "types.xsd", "messages.xsd")
                            .map(name -> new StreamSource(folder.resolve(name).toFile()))
                            .toArray(Source[]::new)));
        } catch (SAXException e) {
            throw new IllegalStateException("The schema cannot be read.", e);
        }
    }

    /// Validates the contents of an envelope's header and body. Throws [SAXException] at the first violation.
    public void validate(String envelope) throws SAXException {
        var parts = parse(envelope).getDocumentElement().getChildNodes();
        for (var part = 0; part < parts.getLength(); part++) {
            var children = parts.item(part).getChildNodes();
            for (var child = 0; child < children.getLength(); child++) {
                if (children.item(child) instanceof Element element) {
                    validate(element);
                }
            }
        }
    }

    private void validate(Element element) throws SAXException {
        try {
            schema.newValidator().validate(new DOMSource(element));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Document parse(String envelope) throws SAXException {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        try {
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(envelope)));
        } catch (IOException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
