package dev.tidemark.daemon.config;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Reads and writes YAML and JSON. No other class of the daemon uses the library. Reads a configuration into
/// [ConfigNode], because a bound object loses its line numbers. Rejects anchors and aliases. Trees to write
/// consist of maps, collections, texts, numbers, booleans, instants, Optional for absent values, and [RawJson].
public final class YamlJsonCodec {
    private static final YAMLFactory FACTORY = new YAMLFactory();
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern PLACE = Pattern.compile("line (\\d{1,8}), column (\\d{1,8})");
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /// Rendered JSON, written unchanged.
    public record RawJson(String text) {}

    private final String file;
    private final ConfigDiagnosticCollector faults;

    /// True after a fault that makes the rest of the file unreliable.
    private boolean unreadable;

    private YamlJsonCodec(String file, ConfigDiagnosticCollector faults) {
        this.file = file;
        this.faults = faults;
    }

    /// Reads a document and reports YAML errors. Returns empty if an error makes the rest unreliable.
    static Optional<ConfigNode.Fields> readYaml(String file, String text, ConfigDiagnosticCollector faults) {
        var documents = new YamlJsonCodec(file, faults);
        var fields = documents.document(text);
        return documents.unreadable ? Optional.empty() : Optional.of(fields);
    }

    private void addFatalFault(SourceLocation mark, String message) {
        unreadable = true;
        faults.addFault(mark, message);
    }

    public static String toYaml(Map<String, Object> tree) {
        return YAML.writeValueAsString(tree);
    }

    public static String toJson(Object tree) {
        return JSON.writeValueAsString(plain(tree));
    }

    /// Returns the object in `text` as maps, lists, texts, numbers and booleans. Returns an empty map if `text`
    /// holds no object.
    public static Map<String, Object> fromJson(String text) {
        return findJsonObject(text).orElseGet(Map::of);
    }

    /// Returns the object in `text` as maps, lists, texts, numbers and booleans. Returns empty if `text` holds
    /// anything but one object.
    public static Optional<Map<String, Object>> findJsonObject(String text) {
        try {
            return Optional.ofNullable(JSON.readValue(text, OBJECT));
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    /// Returns the first key that occurs twice in the object in `text`; empty if there is none, or if `text` holds
    /// no object. Ignores the keys of nested objects.
    public static Optional<String> findRepeatedKey(String text) {
        try (var parser = JSON.createParser(text)) {
            var seen = new HashSet<String>();
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                if (!seen.add(parser.currentName())) {
                    return Optional.of(parser.currentName());
                }
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                var result = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, each) -> result.put(String.valueOf(key), plain(each)));
                yield result;
            }
            case Collection<?> all ->
                all.stream().map(YamlJsonCodec::plain).collect(Collectors.toCollection(ArrayList::new));
            case Optional<?> maybe -> maybe.isPresent() ? plain(maybe.get()) : null;
            case RawJson raw -> new RawValue(raw.text());
            case Instant moment -> moment.truncatedTo(ChronoUnit.MILLIS).toString();
            default -> value;
        };
    }

    private ConfigNode.Fields document(String text) {
        var start = new SourceLocation(file, 1, 1);
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return new ConfigNode.Fields(List.of(), start);
            }
            var root = node(parser);
            if (parser.nextToken() != null) {
                addFatalFault(mark(parser), "a second document starts here; keep one document in the file");
            }
            return top(root);
        } catch (JacksonException broken) {
            var mark = mark(broken);
            addFatalFault(
                    mark,
                    ValueInterpolator.isUnquoted(text, mark)
                            ? "a value with ${...} needs quotes inside { } and [ ]; write \"${env:NAME}\""
                            : "this is not YAML: " + firstLine(broken) + "; check indentation and quotes");
            return new ConfigNode.Fields(List.of(), start);
        }
    }

    private ConfigNode.Fields top(ConfigNode root) {
        return switch (root) {
            case ConfigNode.Fields fields -> fields;
            case ConfigNode.Empty empty -> new ConfigNode.Fields(List.of(), empty.mark());
            case ConfigNode.Items items -> notAMapping(items.mark());
            case ConfigNode.Scalar scalar -> notAMapping(scalar.mark());
        };
    }

    private ConfigNode.Fields notAMapping(SourceLocation mark) {
        addFatalFault(mark, "the file does not start with a key; write 'key: value' lines");
        return new ConfigNode.Fields(List.of(), mark);
    }

    private ConfigNode node(JsonParser parser) {
        var mark = mark(parser);
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            addFatalFault(mark, "aliases are not supported; write the value out");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> fields(parser, mark);
            case START_ARRAY -> items(parser, mark);
            case VALUE_NULL -> new ConfigNode.Empty(mark);
            default -> new ConfigNode.Scalar(parser.getString(), mark);
        };
    }

    private ConfigNode.Fields fields(JsonParser parser, SourceLocation mark) {
        var fields = new ArrayList<ConfigNode.Field>();
        var seen = new HashSet<String>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var key = parser.currentName();
            var at = mark(parser);
            if (!seen.add(key)) {
                faults.addFault(at, "'" + key + "' occurs twice; keep one of them");
            }
            parser.nextToken();
            fields.add(new ConfigNode.Field(key, at, node(parser)));
        }
        return new ConfigNode.Fields(fields, mark);
    }

    private ConfigNode.Items items(JsonParser parser, SourceLocation mark) {
        var nodes = new ArrayList<ConfigNode>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            nodes.add(node(parser));
        }
        return new ConfigNode.Items(nodes, mark);
    }

    private SourceLocation mark(JsonParser parser) {
        var place = parser.currentTokenLocation();
        return new SourceLocation(file, Math.max(1, place.getLineNr()), Math.max(1, place.getColumnNr()));
    }

    /// Returns the location of the error. The library's own location is the end of its reading; its message ends
    /// with the location of the error.
    private SourceLocation mark(JacksonException broken) {
        var locations = PLACE.matcher(broken.getOriginalMessage()).results().toList();
        if (!locations.isEmpty()) {
            var last = locations.getLast();
            return new SourceLocation(file, Integer.parseInt(last.group(1)), Integer.parseInt(last.group(2)));
        }
        var place = broken.getLocation();
        return place == null
                ? new SourceLocation(file, 1, 1)
                : new SourceLocation(file, Math.max(1, place.getLineNr()), Math.max(1, place.getColumnNr()));
    }

    /// Returns the line of the message that states the expectation. The library also quotes the file over
    /// several lines.
    private static String firstLine(JacksonException broken) {
        return broken.getOriginalMessage()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("expected") || line.startsWith("found") || line.startsWith("could"))
                .findFirst()
                .orElseGet(() -> broken.getOriginalMessage().lines().findFirst().orElse("unreadable"));
    }
}
