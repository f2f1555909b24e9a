package dev.tidemark.interoperability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Collects the requests of a client that succeeded, and the responses, and compares them with the schema of Exchange
/// Server SE, if it lies beside
/// the project. Thread-safe.
final class TrafficSchema {
    private static final String FAULT = ":Fault>";

    private final Optional<Schema> schema = Stream.iterate(
                    Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
            .map(path -> path.resolve("shared/ews/xsd/messages.xsd"))
            .filter(Files::exists)
            .findFirst()
            .map(TrafficSchema::read);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> responses = new CopyOnWriteArrayList<>();

    void add(String request, String response) {
        if (!response.contains(FAULT)) {
            requests.add(request);
            responses.add(response);
        }
    }

    void check() {
        assertThat(responses).isNotEmpty();
        schema.ifPresent(found -> responses.forEach(response -> check(found, response)));
        schema.ifPresent(found -> requests.forEach(request -> check(found, request)));
    }

    private static void check(Schema schema, String document) {
        try {
            schema.newValidator().validate(new DOMSource(body(document)));
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new AssertionError(e.getMessage() + "\n" + document, e);
        }
    }

    private static Node body(String text) throws SAXException, IOException, ParserConfigurationException {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        var document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
        var children = document.getElementsByTagNameNS("http://schemas.xmlsoap.org/soap/envelope/", "Body")
                .item(0)
                .getChildNodes();
        return IntStream.range(0, children.getLength())
                .mapToObj(children::item)
                .filter(Element.class::isInstance)
                .findFirst()
                .orElseThrow();
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
}
