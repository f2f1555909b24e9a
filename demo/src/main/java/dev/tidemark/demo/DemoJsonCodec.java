package dev.tidemark.demo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads events and writes reports. No other class of this module uses Jackson.
final class DemoJsonCodec {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private DemoJsonCodec() {}

    /// Returns the events of a delivery, single or batch. Returns empty if the body is not JSON.
    static Optional<List<ReceivedEvent>> events(byte[] body) {
        try {
            var root = MAPPER.readTree(body);
            var nodes = root.isArray() ? root.valueStream() : Stream.of(root);
            return Optional.of(nodes.map(DemoJsonCodec::event).toList());
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /// Combines the simulator's ledger, which is JSON already, with the receiver's and the summary.
    static String report(String simulatorLedger, List<ReceivedEventLog.Receipt> receipts, DemoSummary summary) {
        var root = MAPPER.createObjectNode();
        root.set("simulator", MAPPER.readTree(simulatorLedger));
        root.set("receiver", MAPPER.valueToTree(receipts));
        root.set("summary", MAPPER.valueToTree(summary));
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static ReceivedEvent event(JsonNode node) {
        return new ReceivedEvent(
                text(node, "id"),
                text(node, "type"),
                text(node, "subject"),
                text(node, "sequence"),
                text(node, "origin"),
                text(node, "time"),
                Optional.of(node.path("data").path("item").path("id").asString(""))
                        .filter(id -> !id.isEmpty()));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
