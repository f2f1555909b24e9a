package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.MalformedMessageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.xml.XmlFactory;

/// Reads elements of a response into trees, by Jackson XML. Jackson ignores namespaces, so [XmlCursor#only]
/// removes foreign elements first. Called by [EwsResponseReader]. Thread-safe.
final class ElementTreeReader {
    private final XmlFactory factory = new XmlFactory();

    /// Returns the current element with its content in `namespaces`, and moves past it.
    WireElement read(XmlCursor cursor, Set<String> namespaces) throws MalformedMessageException {
        var name = cursor.name();
        try (var parser = factory.createParser(ObjectReadContext.empty(), cursor.only(namespaces))) {
            parser.nextToken();
            return element(name, parser);
        } catch (IOException | JacksonException e) {
            throw new MalformedMessageException("The response is not the message that its first element names.", e);
        }
    }

    /// Converts an element. Jackson presents one with attributes or children as an object, any other as a
    /// string. The text of an object has the empty name.
    private static WireElement element(String name, JsonParser parser) {
        var attributes = new HashMap<String, String>();
        var children = new ArrayList<WireElement>(0);
        var text = new StringBuilder();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return new WireElement(name, attributes, value(parser), children);
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var property = parser.currentName();
            parser.nextToken();
            if (property.isEmpty()) {
                text.append(value(parser));
            } else if (property.startsWith(XmlCursor.ATTRIBUTE_MARK)) {
                attributes.put(property.substring(XmlCursor.ATTRIBUTE_MARK.length()), value(parser));
            } else {
                children.add(element(property, parser));
            }
        }
        return new WireElement(name, attributes, text.toString(), children);
    }

    private static String value(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getString();
    }
}
