package dev.tidemark.ews;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One element of a response as it came, without namespaces and prefixes; made by [ElementTreeReader]. `text` is
/// what stands between the tags, outside of child elements.
///
/// Nothing about it is required, so reading it cannot fail; mappings decide what they can use.
record WireElement(String name, Map<String, String> attributes, String text, List<WireElement> children) {
    /// Stands for an element that is not there.
    private static final WireElement ABSENT = new WireElement("", Map.of(), "", List.of());

    WireElement {
        attributes = Map.copyOf(attributes);
        children = List.copyOf(children);
    }

    /// Returns the first child of that name, or an empty element.
    WireElement child(String childName) {
        return optionalChild(childName).orElse(ABSENT);
    }

    Optional<WireElement> optionalChild(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).findFirst();
    }

    List<WireElement> children(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).toList();
    }

    /// Returns the text of the child of that name, if it has one.
    Optional<String> textOf(String childName) {
        return WireValues.text(child(childName).text);
    }

    Optional<String> attribute(String attributeName) {
        return Optional.ofNullable(attributes.get(attributeName)).filter(value -> !value.isBlank());
    }
}
