package dev.tidemark.simulator.record;

import dev.tidemark.simulator.soap.SoapReader;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;
import org.xml.sax.SAXException;

/// Replaces everything in a body that [SafeVocabulary] does not keep. Comments are left out. Thread-safe.
final class BodyAnonymizer {
    /// End of an envelope; a stream has several.
    private static final Pattern END = Pattern.compile("</(?:[\\w-]+:)?Envelope\\s*>");

    private final PseudonymTable pseudonyms = new PseudonymTable();

    /// Returns the body with pseudonyms, or empty if it is no XML.
    Optional<String> anonymize(String body) {
        var result = new StringBuilder();
        var start = 0;
        try {
            for (var end : ends(body)) {
                result.append(document(body.substring(start, end)));
                start = end;
            }
            return Optional.of(result.toString());
        } catch (SAXException noXml) {
            return Optional.empty();
        }
    }

    private static Iterable<Integer> ends(String body) {
        var ends = new ArrayList<Integer>();
        END.matcher(body).results().forEach(found -> ends.add(found.end()));
        if (ends.isEmpty()) {
            ends.add(body.length());
        }
        return ends;
    }

    private String document(String text) throws SAXException {
        var xml = XmlDocumentBuilder.fragment();
        var root = SoapReader.parse(text.strip());
        // one node for each text
        root.normalize();
        write(xml, root);
        return xml.finish();
    }

    private void write(XmlDocumentBuilder xml, Element element) {
        var attributes = element.getAttributes();
        var pairs = new ArrayList<String>();
        for (var i = 0; i < attributes.getLength(); i++) {
            var attribute = attributes.item(i);
            pairs.add(attribute.getNodeName());
            pairs.add(attribute(element, attribute.getNodeName(), attribute.getNodeValue()));
        }
        xml.open(element.getNodeName(), pairs.toArray(String[]::new));
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                write(xml, child);
            } else if (node instanceof Text text && !text.getData().isBlank()) {
                xml.content(text(element, text.getData().strip()));
            }
        }
        xml.close();
    }

    private String attribute(Element element, String name, String value) {
        if (SafeVocabulary.keepsAttribute(element, name, value)) {
            return value;
        }
        return name.endsWith("Id") || name.endsWith("Key") ? pseudonyms.id(value) : pseudonyms.text(value);
    }

    private String text(Element element, String text) {
        if (SafeVocabulary.keepsText(element, text)) {
            return text;
        }
        return SafeVocabulary.isId(element) ? pseudonyms.id(text) : pseudonyms.text(text);
    }
}
