package dev.tidemark.simulator.soap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Reads the children of an element in the order of the schema. Missing, surplus or foreign elements are
/// violations.
public final class ChildElementReader {
    private final Element parent;
    private final Deque<Element> left = new ArrayDeque<>();

    public ChildElementReader(Element parent) {
        this.parent = parent;
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                left.add(element);
            }
        }
    }

    public Optional<Element> optional(String namespace, String name) {
        var first = left.peek();
        if (first == null || !is(first, namespace, name)) {
            return Optional.empty();
        }
        return Optional.of(left.remove());
    }

    public Element required(String namespace, String name) {
        return optional(namespace, name)
                .orElseThrow(() -> SoapFaultException.schema(
                        left.isEmpty() ? parent : left.element(),
                        "The element '" + parent.getLocalName() + "' has "
                                + left.stream()
                                        .findFirst()
                                        .map(ChildElementReader::words)
                                        .orElse("nothing")
                                + " where '" + name + "' in namespace '" + namespace + "' is expected."));
    }

    /// Reads one or more elements of the same name.
    public List<Element> several(String namespace, String name) {
        var found = new ArrayList<Element>();
        found.add(required(namespace, name));
        for (var next = optional(namespace, name); next.isPresent(); next = optional(namespace, name)) {
            found.add(next.get());
        }
        return found;
    }

    /// Reads the next child of any name.
    public Optional<Element> any() {
        return Optional.ofNullable(left.poll());
    }

    public void end() {
        left.stream().findFirst().ifPresent(extra -> {
            throw SoapFaultException.schema(
                    extra, "The element '" + parent.getLocalName() + "' has invalid child " + words(extra) + ".");
        });
    }

    public static boolean is(Element element, String namespace, String name) {
        return name.equals(element.getLocalName()) && namespace.equals(element.getNamespaceURI());
    }

    public static String text(Element element) {
        return element.getTextContent().strip();
    }

    /// Returns whether a text is true (XSD, boolean).
    public static boolean isTrue(String text) {
        return text.equals("true") || text.equals("1");
    }

    /// Returns whether an attribute is true; false if it is missing.
    public static boolean isTrue(Element element, String attribute) {
        return isTrue(element.getAttribute(attribute));
    }

    private static String words(Element element) {
        return "'" + element.getLocalName() + "' in namespace '" + element.getNamespaceURI() + "'";
    }
}
