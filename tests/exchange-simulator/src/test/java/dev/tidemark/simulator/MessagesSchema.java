package dev.tidemark.simulator;

import dev.tidemark.simulator.soap.SoapReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.SAXException;

/// The simulator's own schema, and that of Exchange Server SE, if it lies beside the project.
final class MessagesSchema {
    private static final String OWN = "description/";

    private final Optional<Schema> schema;
    private final Schema own = own();

    private MessagesSchema(Optional<Schema> schema) {
        this.schema = schema;
    }

    private static Schema own() {
        try {
            return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                    .newSchema(SimulatedExchange.class.getResource(OWN + "messages.xsd"));
        } catch (SAXException e) {
            throw new AssertionError("The simulator's own schema cannot be read.", e);
        }
    }

    static MessagesSchema find() {
        return new MessagesSchema(Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
                .map(path -> path.resolve("shared/ews/xsd/messages.xsd"))
                .filter(Files::exists)
                .findFirst()
                .map(MessagesSchema::read));
    }

    boolean isHere() {
        return schema.isPresent();
    }

    private static Schema read(Path messages) {
        var factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        try {
            // types.xsd uses xml:lang without declaring its location
            return factory.newSchema(Stream.of("xml.xsd", "types.xsd", "messages.xsd")
                    .map(name -> new StreamSource(messages.resolveSibling(name).toFile()))
                    .toArray(Source[]::new));
        } catch (SAXException e) {
            throw new AssertionError("The schema cannot be read.", e);
        }
    }

    void validate(String document) throws SAXException, IOException {
        if (schema.isPresent()) {
            schema.get()
                    .newValidator()
                    .validate(new DOMSource(SoapReader.read(document).body()));
        }
    }

    void check(String document) {
        try {
            own.newValidator().validate(new DOMSource(SoapReader.read(document).body()));
            validate(document);
        } catch (SAXException | IOException e) {
            throw new AssertionError(e.getMessage() + "\n" + document, e);
        }
    }
}
