package dev.tidemark.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;

/// Reads events and scenarios and writes reports. No other class of this module uses Jackson.
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

    /// Reads YAML into nodes that know their lines and columns. Throws [DemoCommandException] with file, line and
    /// column if the text is no YAML.
    static ScenarioNode readYaml(String file, String text) {
        try (var parser = new YAMLFactory().createParser(ObjectReadContext.empty(), text)) {
            return parser.nextToken() == null ? ScenarioNode.fields(1, 1, new LinkedHashMap<>()) : node(file, parser);
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new DemoCommandException(
                    2,
                    file + ":" + (at == null ? 1 : at.getLineNr()) + ":" + (at == null ? 1 : at.getColumnNr())
                            + ": this is no YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse("unreadable"),
                    e);
        }
    }

    private static ScenarioNode node(String file, JsonParser parser) {
        var at = parser.currentTokenLocation();
        var line = at.getLineNr();
        var column = at.getColumnNr();
        return switch (parser.currentToken()) {
            case START_OBJECT -> ScenarioNode.fields(line, column, fields(file, parser));
            case START_ARRAY -> ScenarioNode.entries(line, column, entries(file, parser));
            default -> ScenarioNode.text(line, column, String.valueOf(parser.getString()));
        };
    }

    private static Map<String, ScenarioNode> fields(String file, JsonParser parser) {
        var found = new LinkedHashMap<String, ScenarioNode>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = String.valueOf(parser.currentName());
            var at = parser.currentTokenLocation();
            parser.nextToken();
            if (found.put(name, node(file, parser)) != null) {
                throw new DemoCommandException(
                        2,
                        file + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": '" + name
                                + "' is there twice; keep one.");
            }
        }
        return found;
    }

    private static List<ScenarioNode> entries(String file, JsonParser parser) {
        var found = new ArrayList<ScenarioNode>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            found.add(node(file, parser));
        }
        return found;
    }
}
