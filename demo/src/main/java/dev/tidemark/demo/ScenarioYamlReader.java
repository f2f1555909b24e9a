package dev.tidemark.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

/// Reads the YAML of a scenario file into nodes that know their lines and columns. Not thread-safe.
final class ScenarioYamlReader {
    private final String file;
    private final JsonParser parser;

    private ScenarioYamlReader(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /// Returns the root. Throws [DemoCommandException] with file, line and column if the text is no YAML.
    static ScenarioNode read(String file, String text) {
        try (var parser = new YAMLFactory().createParser(ObjectReadContext.empty(), text)) {
            return parser.nextToken() == null
                    ? ScenarioNode.fields(1, 1, new LinkedHashMap<>())
                    : new ScenarioYamlReader(file, parser).node();
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

    private ScenarioNode node() {
        var at = parser.currentTokenLocation();
        var line = at.getLineNr();
        var column = at.getColumnNr();
        return switch (parser.currentToken()) {
            case START_OBJECT -> ScenarioNode.fields(line, column, fields());
            case START_ARRAY -> ScenarioNode.entries(line, column, entries());
            default -> ScenarioNode.text(line, column, String.valueOf(parser.getString()));
        };
    }

    private Map<String, ScenarioNode> fields() {
        var found = new LinkedHashMap<String, ScenarioNode>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = String.valueOf(parser.currentName());
            var at = parser.currentTokenLocation();
            parser.nextToken();
            if (found.put(name, node()) != null) {
                throw new DemoCommandException(
                        2,
                        file + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": '" + name
                                + "' is there twice; keep one.");
            }
        }
        return found;
    }

    private List<ScenarioNode> entries() {
        var found = new ArrayList<ScenarioNode>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            found.add(node());
        }
        return found;
    }
}
