package dev.tidemark.endtoend;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Request that the webhook received. Keeps the body as text, because long tests keep many requests.
///
/// @param at arrival by `System.nanoTime`
/// @param id the `webhook-id`
/// @param body the event
/// @param attributes parsed attributes of the event
/// @param status status of the response
/// @param traceParent header `traceparent`
record ReceivedRequest(
        long at,
        String id,
        String attempt,
        String contentType,
        String body,
        EventAttributes attributes,
        int status,
        String traceParent) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Attributes of the event.
    record EventAttributes(String type, String source, String subject, long sequence, Optional<String> item) {
        static EventAttributes of(JsonNode event) {
            return new EventAttributes(
                    event.path("type").asString().intern(),
                    event.path("source").asString().intern(),
                    event.path("subject").asString("").intern(),
                    event.path("sequence").asLong(0),
                    event.at("/data/item/id").asStringOpt());
        }
    }

    boolean accepted() {
        return status / 100 == 2;
    }

    JsonNode event() {
        return JSON.readTree(body);
    }

    String type() {
        return attributes.type();
    }

    String source() {
        return attributes.source();
    }

    String subject() {
        return attributes.subject();
    }

    long sequence() {
        return attributes.sequence();
    }

    /// Returns the item of the event.
    Optional<String> item() {
        return attributes.item();
    }
}
