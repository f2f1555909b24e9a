package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.HashSet;
import java.util.Set;
import org.w3c.dom.Element;

/// Reads the shape of a response: the properties that a client requests.
final class ResponseShapeReader {
    private static final Set<String> SHAPES = Set.of("IdOnly", "Default", "AllProperties", "PcxPeopleSearch");

    private ResponseShapeReader() {}

    static SimulatedEwsCall.Shape shape(Element element) {
        var parts = new ChildElementReader(element);
        var base = ChildElementReader.text(parts.required(XmlDocumentBuilder.TYPES, "BaseShape"));
        if (!SHAPES.contains(base)) {
            throw SoapFaultException.schema(element, "'" + base + "' is no BaseShape.");
        }
        var fields = new HashSet<String>();
        var extended = new HashSet<String>();
        var bodyType = "Best";
        for (var next = parts.any(); next.isPresent(); next = parts.any()) {
            var part = next.get();
            switch (part.getLocalName()) {
                case "BodyType" -> bodyType = ChildElementReader.text(part);
                case "IncludeMimeContent" -> include(part, fields);
                case "AdditionalProperties" -> additional(part, fields, extended);
                default -> {
                    // settings of images and page sizes do not matter
                }
            }
        }
        return new SimulatedEwsCall.Shape(base.equals("IdOnly"), fields, extended, bodyType);
    }

    private static void include(Element part, Set<String> fields) {
        if (ChildElementReader.isTrue(ChildElementReader.text(part))) {
            fields.add("MimeContent");
        }
    }

    private static void additional(Element parent, Set<String> fields, Set<String> extended) {
        var paths = new ChildElementReader(parent);
        for (var next = paths.any(); next.isPresent(); next = paths.any()) {
            if (next.get().getLocalName().equals("ExtendedFieldURI")) {
                extended.add(ItemProperties.extendedKey(next.get()));
            } else {
                fields.add(field(next.get()));
            }
        }
    }

    /// Returns the element name of a path: the part behind the colon. Of an indexed path, it is the dictionary.
    static String field(Element path) {
        var uri = path.getAttribute("FieldURI");
        var name = uri.substring(uri.lastIndexOf(':') + 1);
        return switch (name) {
            case "EmailAddress" -> "EmailAddresses";
            case "ImAddress" -> "ImAddresses";
            case "PhoneNumber" -> "PhoneNumbers";
            default -> uri.startsWith("contacts:PhysicalAddress:") ? "PhysicalAddresses" : name;
        };
    }
}
