package dev.tidemark.ews;

import java.io.ByteArrayInputStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Element;

/// Checks messages against the protocol's schema, if it is present beside the checkout.
public final class EwsSchemaChecker {
    private static Schema schema;

    private EwsSchemaChecker() {}

    /// Fails if the content of the envelope violates the schema.
    public static void assertValid(byte[] envelope) throws Exception {
        var validator = schema().newValidator();
        var documents = DocumentBuilderFactory.newInstance();
        documents.setNamespaceAware(true);
        var root = documents
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(envelope))
                .getDocumentElement();
        for (var outer = root.getFirstChild(); outer != null; outer = outer.getNextSibling()) {
            for (var inner = outer.getFirstChild(); inner != null; inner = inner.getNextSibling()) {
                if (inner instanceof Element) {
                    validator.validate(new DOMSource(inner));
                }
            }
        }
    }

    private static synchronized Schema schema() throws Exception {
        var folder = SharedSamples.schemas();
        if (schema == null) {
            schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                    .newSchema(Stream.of("xml.xsd", "types.xsd", "messages.xsd")
                            .map(file -> new StreamSource(folder.resolve(file).toFile()))
                            .toArray(Source[]::new));
        }
        return schema;
    }
}
