package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Keeps the first requests of each operation and validates them by the schema of Exchange Server SE, if that lies
/// beside the project. Thread-safe.
final class RequestSchemaCheck {
    private static final int SAMPLES = 20;
    private static final Pattern OPERATION = Pattern.compile("Body[^>]*>\\s*<(?:\\w+:)?(\\w+)");
    private static final Optional<Schema> SCHEMA = Stream.iterate(
                    Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
            .map(path -> path.resolve("shared/ews/xsd/messages.xsd"))
            .filter(Files::exists)
            .findFirst()
            .map(RequestSchemaCheck::read);

    private final Map<String, Queue<String>> samples = new ConcurrentHashMap<>();

    void add(String request) {
        var operation = OPERATION.matcher(request);
        var kept = samples.computeIfAbsent(
                operation.find() ? operation.group(1) : "none", name -> new ConcurrentLinkedQueue<>());
        if (kept.size() < SAMPLES) {
            kept.add(request);
        }
    }

    void check() {
        SCHEMA.ifPresent(schema -> assertThat(samples.values().stream().flatMap(Queue::stream))
                .allSatisfy(request -> schema.newValidator().validate(new DOMSource(body(request)))));
    }

    private static Node body(String request) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        var document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(request)));
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
        try {
            // types.xsd uses xml:lang without declaring its location
            return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                    .newSchema(Stream.of("xml.xsd", "types.xsd", "messages.xsd")
                            .map(name -> new StreamSource(
                                    messages.resolveSibling(name).toFile()))
                            .toArray(Source[]::new));
        } catch (SAXException e) {
            throw new AssertionError("The schema cannot be read.", e);
        }
    }
}
