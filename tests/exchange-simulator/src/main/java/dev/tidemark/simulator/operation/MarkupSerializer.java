package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.ArrayList;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;

/// Turns an element of a request back into markup with the prefix `t`, to be kept and sent in responses.
final class MarkupSerializer {
    private MarkupSerializer() {}

    public static String markup(Element element) {
        var xml = XmlDocumentBuilder.fragment();
        write(xml, element);
        return xml.finish();
    }

    private static void write(XmlDocumentBuilder xml, Element element) {
        var attributes = element.getAttributes();
        var pairs = new ArrayList<String>();
        for (var i = 0; i < attributes.getLength(); i++) {
            var attribute = attributes.item(i);
            if (attribute.getNamespaceURI() == null && !attribute.getNodeName().startsWith("xmlns")) {
                pairs.add(attribute.getNodeName());
                pairs.add(attribute.getNodeValue());
            }
        }
        xml.open("t:" + element.getLocalName(), pairs.toArray(String[]::new));
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            // comments and indentation mean nothing
            if (node instanceof Element child) {
                write(xml, child);
            } else if (node instanceof Text text && !isIndentation(text)) {
                xml.content(text.getData());
            }
        }
        xml.close();
    }

    private static boolean isIndentation(Text text) {
        return text.getData().isBlank() && text.getParentNode().getChildNodes().getLength() > 1;
    }

    /// Returns the text of markup without its elements.
    public static String text(String markup) {
        return markup.replaceAll("<[^>]*>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#10;", "\n")
                .replace("&#13;", "\r")
                .replace("&#9;", "\t")
                .replace("&amp;", "&");
    }
}
