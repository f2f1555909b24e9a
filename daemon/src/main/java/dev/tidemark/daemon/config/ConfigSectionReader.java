package dev.tidemark.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Reads one mapping of the configuration. Returns typed values, reports invalid ones, and records the effective
/// ones. Each access makes a key known; [#end] reports all other keys. Not thread-safe.
///
/// After a fault it returns a placeholder so that reading continues. A configuration with a fault is never used.
final class ConfigSectionReader {
    static final String REDACTED = "redacted";

    private final String path;
    private final ConfigNode.Fields fields;
    private final ConfigValueParser reading;
    private final Map<String, Object> effective = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();
    private final List<MissingKey> missing = new ArrayList<>();

    private record MissingKey(String key, SourceLocation mark, String message) {}

    ConfigSectionReader(String path, ConfigNode.Fields fields, ConfigValueParser reading) {
        this.path = path;
        this.fields = fields;
        this.reading = reading;
    }

    /// Returns the effective values, with defaults and redacted secrets, in the order of access.
    Map<String, Object> effective() {
        return effective;
    }

    <T> T get(String key, ValueConverter<T> kind, T fallback) {
        var value = scalar(key)
                .flatMap(scalar -> reading.parse(scalar, dotted(key), kind))
                .orElse(fallback);
        effective.put(key, yamlValue(kind.show().apply(value)));
        return value;
    }

    <T> Optional<T> find(String key, ValueConverter<T> kind) {
        var value = scalar(key).flatMap(scalar -> reading.parse(scalar, dotted(key), kind));
        value.ifPresent(found -> effective.put(key, yamlValue(kind.show().apply(found))));
        return value;
    }

    <T> T require(String key, ValueConverter<T> kind, T standIn) {
        var value = find(key, kind);
        if (field(key).isEmpty() || isEmpty(key)) {
            reportMissing(key, fields.mark(), dotted(key) + " is missing; add it");
        }
        return value.orElse(standIn);
    }

    /// Reads a list. A single value counts as a list of one.
    <T> List<T> list(String key, ValueConverter<T> kind, List<T> fallback) {
        return has(key) ? LocatedValue.values(listWithLocations(key, kind)) : recordEffective(key, kind, fallback);
    }

    /// Reads a list with the location of each value.
    <T> List<LocatedValue<T>> listWithLocations(String key, ValueConverter<T> kind) {
        var found = field(key)
                .map(field -> reading.list(field.value(), dotted(key), kind))
                .orElse(List.of());
        recordEffective(key, kind, LocatedValue.values(found));
        return found;
    }

    private <T> List<T> recordEffective(String key, ValueConverter<T> kind, List<T> values) {
        effective.put(
                key,
                values.stream().map(each -> yamlValue(kind.show().apply(each))).toList());
        return values;
    }

    <T> Optional<T> secret(String key, ValueConverter<T> kind) {
        return secrets(key, kind).stream().findFirst();
    }

    <T> List<T> secrets(String key, ValueConverter<T> kind) {
        var found = field(key).map(ConfigNode.Field::value);
        var value = found.map(node -> reading.secrets(node, dotted(key), kind)).orElse(List.of());
        if (found.isPresent()) {
            effective.put(key, REDACTED);
            reading.inputs()
                    .addSecrets(
                            dotted(key),
                            value.stream()
                                    .map(each -> kind.show().apply(each.value()))
                                    .toList());
        }
        return LocatedValue.values(value);
    }

    /// Records that `key` names a file, before the caller reads it.
    Path recordFile(String key, Path file) {
        reading.inputs().addFile(dotted(key), file);
        return file;
    }

    /// Records a list of mailboxes of a group, before the caller reads it.
    void recordMailboxList(String group, String key, Path file) {
        reading.inputs().addMailboxList("subscriptions." + group + "." + key, file);
    }

    /// Returns a nested mapping; empty if the key is missing.
    ConfigSectionReader section(String key) {
        var nothing = new ConfigNode.Fields(List.of(), fields.mark());
        var section = new ConfigSectionReader(
                dotted(key),
                field(key).map(found -> mapping(found.value(), key)).orElse(nothing),
                reading);
        effective.put(key, section.effective);
        return section;
    }

    /// Returns the mappings below freely chosen names.
    Map<String, ConfigSectionReader> namedSections(String key) {
        var outer = section(key);
        var result = new LinkedHashMap<String, ConfigSectionReader>();
        for (var field : outer.fields.fields()) {
            reading.parse(new ConfigNode.Scalar(field.key(), field.mark()), dotted(key), ValueConverter.NAME);
            result.put(field.key(), outer.section(field.key()));
        }
        return result;
    }

    /// Returns a list of mappings.
    List<ConfigSectionReader> sectionList(String key) {
        var nodes = field(key)
                .map(found -> reading.items(found.value(), dotted(key)))
                .orElse(List.of());
        var result = new ArrayList<ConfigSectionReader>();
        for (var node : nodes) {
            var where = dotted(key) + "[" + result.size() + "]";
            result.add(new ConfigSectionReader(where, mapping(node, where), reading));
        }
        effective.put(key, result.stream().map(ConfigSectionReader::effective).toList());
        return result;
    }

    /// Returns texts below freely chosen keys.
    Map<String, String> texts(String key) {
        return texts(key, name -> ValueConverter.TEXT);
    }

    /// Returns texts below freely chosen keys; `kinds` returns the converter for a key.
    Map<String, String> texts(String key, Function<String, ValueConverter<String>> kinds) {
        var section = section(key);
        var result = new LinkedHashMap<String, String>();
        for (var field : section.fields.fields()) {
            result.put(field.key(), section.get(field.key(), kinds.apply(field.key()), ""));
        }
        return result;
    }

    /// Returns texts below freely chosen keys, and redacts them in the effective values because they may be
    /// secrets.
    Map<String, String> secretTexts(String key) {
        var texts = texts(key);
        var hidden = new LinkedHashMap<String, Object>();
        texts.keySet().forEach(name -> hidden.put(name, REDACTED));
        effective.put(key, hidden);
        reading.inputs().addSecrets(dotted(key), List.of(texts.toString()));
        return texts;
    }

    /// Warns of each literal secret in a mapping with freely chosen keys.
    ///
    /// @param isSecret returns true for the key of a secret
    void warnOfSecrets(String key, Predicate<String> isSecret) {
        if (fields.find(key).map(ConfigNode.Field::value).orElse(null) instanceof ConfigNode.Fields texts) {
            texts.fields().stream()
                    .filter(field -> isSecret.test(field.key()))
                    .forEach(field -> reading.warnIfWrittenOut(field.value(), dotted(key) + "." + field.key()));
        }
    }

    /// Warns of a password that an address holds literally.
    ///
    /// @param password pattern of the part that holds it
    void warnOfPasswordIn(String key, Pattern password) {
        if (fields.find(key).map(ConfigNode.Field::value).orElse(null) instanceof ConfigNode.Scalar scalar
                && password.matcher(scalar.text()).find()) {
            addWarning(
                    scalar.mark(),
                    dotted(key) + " holds a password, readable by every reader of this file; write ${env:NAME} or"
                            + " ${file:PATH} in its place");
        }
    }

    /// Reports keys that are only valid for a sink of a different type.
    void rejectForeign(List<String> keys, String type) {
        for (var key : keys) {
            field(key)
                    .ifPresent(found -> addFault(
                            found.mark(), dotted(key) + " is for sinks of type " + type + "; leave it out here"));
        }
    }

    /// Reports a known key that is invalid in this place.
    void rejectMisplaced(String key, String message) {
        field(key).ifPresent(found -> addFault(found.mark(), message));
    }

    boolean has(String key) {
        return field(key).isPresent() && !isEmpty(key);
    }

    /// Returns true if `key` has an empty list.
    boolean isEmptyList(String key) {
        return field(key)
                .filter(found -> found.value() instanceof ConfigNode.Items items
                        && items.nodes().isEmpty())
                .isPresent();
    }

    /// Returns the location of the value of `key`, or of this mapping if the key is missing.
    SourceLocation mark(String key) {
        return fields.find(key).map(found -> found.value().mark()).orElse(fields.mark());
    }

    SourceLocation mark() {
        return fields.mark();
    }

    String path() {
        return path;
    }

    String dotted(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    void addFault(SourceLocation mark, String message) {
        reading.faults().addFault(mark, message);
    }

    void addWarning(SourceLocation mark, String message) {
        reading.faults().addWarning(mark, message);
    }

    /// Reports a missing key in [#end], unless a misspelled key there is its likely cause.
    void reportMissing(String key, SourceLocation mark, String message) {
        missing.add(new MissingKey(key, mark, message));
    }

    /// Reports unknown keys and missing ones.
    void finish() {
        var misspelt = new ArrayList<String>();
        for (var field : fields.fields()) {
            if (!known.contains(field.key())) {
                var meant = NameSuggester.misspelled(field.key(), known);
                meant.ifPresent(misspelt::add);
                addFault(
                        field.mark(),
                        "'" + field.key() + "' is not known" + (path.isEmpty() ? "" : " in " + path) + "; "
                                + meant.map(name -> "the nearest name is " + name)
                                        .orElseGet(() -> nearestAndKnown(field.key())));
            }
        }
        missing.stream()
                .filter(lack -> !misspelt.contains(lack.key()))
                .forEach(lack -> addFault(lack.mark(), lack.message()));
    }

    /// Lists the names for a key that resembles none of them, because the nearest one alone would mislead.
    private String nearestAndKnown(String key) {
        return known.isEmpty()
                ? "leave it out"
                : NameSuggester.nearestOf(
                        key, known.stream().distinct().sorted().toList());
    }

    private Optional<ConfigNode.Field> field(String key) {
        known.add(key);
        return fields.find(key);
    }

    private Optional<ConfigNode.Scalar> scalar(String key) {
        return field(key).flatMap(found -> reading.scalar(found.value(), dotted(key)));
    }

    private boolean isEmpty(String key) {
        return fields.find(key)
                .filter(found -> found.value() instanceof ConfigNode.Empty)
                .isPresent();
    }

    private ConfigNode.Fields mapping(ConfigNode node, String key) {
        return reading.mapping(node, path.isEmpty() ? key : dotted(key));
    }

    /// Converts numbers and booleans, so that they are printed without quotes.
    private static Object yamlValue(String text) {
        if (text.matches("-?\\d{1,18}")) {
            return Long.parseLong(text);
        }
        return text.equals("true") || text.equals("false") ? Boolean.parseBoolean(text) : text;
    }
}
