package dev.tidemark.ews.codec;

import static dev.tidemark.ews.message.EwsNamespaces.MESSAGES;
import static dev.tidemark.ews.message.EwsNamespaces.TYPES;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// Document tree of the JDK's parser, which shares no code with the product's. Not thread-safe.
final class WellFormedTree {
    private static final DocumentBuilder BUILDER = builder();

    private WellFormedTree() {}

    private static DocumentBuilder builder() {
        try {
            var factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK has no parser of XML.", e);
        }
    }

    /// Returns the root; empty if the text is not well-formed or has a DTD.
    static Optional<Element> root(String text) {
        try {
            return Optional.of(
                    BUILDER.parse(new InputSource(new StringReader(text))).getDocumentElement());
        } catch (SAXException refused) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean is(Element element, String namespace, String name) {
        return name.equals(element.getLocalName()) && namespace.equals(element.getNamespaceURI());
    }

    /// Returns the name of an element of the protocol; an empty text for others.
    static String known(Element element) {
        return List.of(MESSAGES, TYPES).contains(String.valueOf(element.getNamespaceURI()))
                ? element.getLocalName()
                : "";
    }

    static List<Element> children(Element parent, String namespace, String name) {
        return children(parent).stream()
                .filter(child -> is(child, namespace, name))
                .toList();
    }

    static List<Element> children(Element parent) {
        return nodes(parent).stream()
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }

    /// Returns the text directly in the element, without surrounding blanks.
    static String text(Element element) {
        var text = new StringBuilder();
        nodes(element).stream().filter(Text.class::isInstance).forEach(node -> text.append(node.getNodeValue()));
        return text.toString().strip();
    }

    private static List<Node> nodes(Element parent) {
        var nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).toList();
    }
}
