package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;

/// Body of an item in the form that a client wants. An item without one has a sentence about its subject.
record ItemBody(String type, String content) {
    private static final int PREVIEW = 255;

    static ItemBody of(SimulatedItem.Content item) {
        var markup = item.properties().get("Body");
        if (markup == null) {
            return new ItemBody("Text", "About " + item.subject());
        }
        return new ItemBody(markup.contains("BodyType=\"HTML\"") ? "HTML" : "Text", MarkupSerializer.text(markup));
    }

    String markup(String wanted) {
        return switch (wanted) {
            case "Text" -> body("t:Body", "Text", text());
            case "HTML" -> body("t:Body", "HTML", html());
            default -> body("t:Body", type, content);
        };
    }

    String textBody() {
        return body("t:TextBody", "Text", text());
    }

    String preview() {
        var text = text().strip();
        return text.substring(0, Math.min(PREVIEW, text.length()));
    }

    String text() {
        return type.equals("HTML") ? MarkupSerializer.text(content) : content;
    }

    private String html() {
        var escaped = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return type.equals("HTML") ? content : "<html><body><p>" + escaped + "</p></body></html>";
    }

    private static String body(String element, String type, String text) {
        return XmlDocumentBuilder.fragment()
                .text(element, text, "BodyType", type)
                .finish();
    }
}
