package dev.tidemark.endtoend;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Request that the webhook received.
///
/// @param at arrival by `System.nanoTime`
/// @param id the `webhook-id`
/// @param event the body
/// @param status status of the response
/// @param traceParent header `traceparent`
record ReceivedRequest(
        long at, String id, String attempt, String contentType, JsonNode event, int status, String traceParent) {
    boolean accepted() {
        return status / 100 == 2;
    }

    String type() {
        return event.path("type").asString();
    }

    String source() {
        return event.path("source").asString();
    }

    String subject() {
        return event.path("subject").asString("");
    }

    long sequence() {
        return Long.parseLong(event.path("sequence").asString());
    }

    /// Returns the item of the event.
    Optional<String> item() {
        return event.at("/data/item/id").asStringOpt();
    }
}
