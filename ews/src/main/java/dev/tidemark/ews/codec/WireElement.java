package dev.tidemark.ews.codec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Element of a response, without namespaces and prefixes; created by [ElementTreeReader]. `text` is the text
/// between the tags, outside of child elements.
///
/// No part of it is required, so reading it cannot fail; the mappers decide which parts they need. Immutable.
record WireElement(String name, Map<String, String> attributes, String text, List<WireElement> children) {
    /// Represents an absent element.
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
        return WireValueParser.text(child(childName).text);
    }

    Optional<String> attribute(String attributeName) {
        return Optional.ofNullable(attributes.get(attributeName)).filter(value -> !value.isBlank());
    }
}
