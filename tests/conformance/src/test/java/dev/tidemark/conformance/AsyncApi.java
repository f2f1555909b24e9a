package dev.tidemark.conformance;

import static dev.tidemark.conformance.SchemaShape.always;
import static dev.tidemark.conformance.SchemaShape.matching;
import static dev.tidemark.conformance.SchemaShape.text;

import dev.tidemark.conformance.SchemaShape.Fields;
import dev.tidemark.conformance.SchemaShape.Plain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Builds the AsyncAPI 3.0 description of Tidemark's events.
final class AsyncApi {
    private static final String ABOUT = """
            Mailbox change events from Exchange, as CloudEvents 1.0 in structured JSON. Delivery is at least once,
            in order of sequence within a source; ignore known ids. Fields may be added to any event;
            ignore unknown ones.
            """;
    private static final String WEBHOOK = """
            A POST to the address of a sink of type webhook, signed as Standard Webhooks 1.0 describes. Any 2xx
            accepts the event.
            """;

    private AsyncApi() {}

    static Map<String, Object> document() {
        var json = new LinkedHashMap<String, Object>();
        json.put("asyncapi", "3.0.0");
        json.put("info", info());
        json.put("defaultContentType", "application/cloudevents+json");
        json.put("channels", Map.of("webhook", webhook()));
        json.put("operations", Map.of("deliverToWebhook", deliver()));
        json.put("components", Map.of("messages", messages()));
        return json;
    }

    private static Map<String, Object> info() {
        var json = new LinkedHashMap<String, Object>();
        json.put("title", "Tidemark events");
        json.put("version", "1.0.0");
        json.put("description", ABOUT);
        json.put("license", Map.of("name", "Apache-2.0"));
        return json;
    }

    private static Map<String, Object> webhook() {
        var json = new LinkedHashMap<String, Object>();
        json.put("address", null);
        json.put("title", "Webhooks");
        json.put("description", WEBHOOK);
        var messages = new LinkedHashMap<String, Object>();
        EventShapes.all().keySet().forEach(type -> messages.put(type, ref("#/components/messages/" + type)));
        json.put("messages", messages);
        return json;
    }

    private static Map<String, Object> deliver() {
        var json = new LinkedHashMap<String, Object>();
        json.put("action", "send");
        json.put("channel", ref("#/channels/webhook"));
        json.put("title", "Deliver an event");
        json.put("bindings", Map.of("http", ordered("method", "POST", "bindingVersion", "0.3.0")));
        var messages = new ArrayList<Map<String, Object>>();
        EventShapes.all().keySet().forEach(type -> messages.add(ref("#/channels/webhook/messages/" + type)));
        json.put("messages", messages);
        return json;
    }

    private static Map<String, Object> messages() {
        var messages = new LinkedHashMap<String, Object>();
        EventShapes.all().forEach((type, shape) -> messages.put(type, message(type, shape)));
        return messages;
    }

    private static Map<String, Object> message(String type, EventShape shape) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", "dev.tidemark." + type);
        json.put("title", shape.title());
        json.put("contentType", "application/cloudevents+json; charset=utf-8");
        json.put("headers", headers());
        var payload = new LinkedHashMap<String, Object>();
        payload.put("schemaFormat", "application/schema+json;version=draft-2020-12");
        payload.put("schema", ref(PublishedSchemas.fileOf(type)));
        json.put("payload", payload);
        return json;
    }

    private static Map<String, Object> headers() {
        return Fields.none()
                .must("webhook-id", text("the event's id"))
                .must("webhook-timestamp", matching("^[0-9]+$").saying("of this attempt, in seconds since 1970"))
                .must(
                        "webhook-signature",
                        text("v1, and the Base64 of HMAC-SHA256 over id.timestamp.body, for each secret;"
                                + " v1a, and an ed25519 signature where there is a key"))
                .must("tidemark-attempt", new Plain(Map.of("type", "integer")).with("minimum", 1))
                .may("tidemark-late", always("true").saying("later events of its mailbox went ahead"))
                .may("tidemark-replay", always("true").saying("an operator sent it again"))
                .must("traceparent", text("W3C Trace Context"))
                .schema(false);
    }

    private static Map<String, Object> ordered(String name, String value, String other, String otherValue) {
        var json = new LinkedHashMap<String, Object>();
        json.put(name, value);
        json.put(other, otherValue);
        return json;
    }

    private static Map<String, Object> ref(String to) {
        return Map.of("$ref", to);
    }

    /// Returns the event types that the document describes.
    static List<String> types(Map<?, ?> document) {
        var components = (Map<?, ?>) document.get("components");
        var messages = (Map<?, ?>) components.get("messages");
        return messages.keySet().stream().map(String::valueOf).toList();
    }
}
