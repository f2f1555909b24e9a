package dev.tidemark.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A mapping of the configuration while it is read: gives typed values, reports what is wrong with them, and
/// keeps the effective ones. Whoever asks for a key makes it known; [#end] reports the keys nobody asked for.
///
/// After a mistake a stand-in value is returned so that reading goes on; it never gets out, because a
/// configuration with a mistake is not used.
final class Section {
    static final String REDACTED = "redacted";

    private final String path;
    private final Node.Fields fields;
    private final Reading reading;
    private final Map<String, Object> effective = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();
    private final List<Lack> lacks = new ArrayList<>();

    private record Lack(String key, Mark mark, String message) {}

    Section(String path, Node.Fields fields, Reading reading) {
        this.path = path;
        this.fields = fields;
        this.reading = reading;
    }

    /// What holds, defaults filled in and secrets redacted, in the order in which it was asked for.
    Map<String, Object> effective() {
        return effective;
    }

    <T> T get(String key, Kind<T> kind, T fallback) {
        var value = scalar(key)
                .flatMap(scalar -> reading.parse(scalar, dotted(key), kind))
                .orElse(fallback);
        effective.put(key, plain(kind.show().apply(value)));
        return value;
    }

    <T> Optional<T> find(String key, Kind<T> kind) {
        var value = scalar(key).flatMap(scalar -> reading.parse(scalar, dotted(key), kind));
        value.ifPresent(found -> effective.put(key, plain(kind.show().apply(found))));
        return value;
    }

    <T> T require(String key, Kind<T> kind, T standIn) {
        var value = find(key, kind);
        if (field(key).isEmpty() || isEmpty(key)) {
            lacks(key, fields.mark(), dotted(key) + " is missing; add it");
        }
        return value.orElse(standIn);
    }

    /// A list, or a single value in its place.
    <T> List<T> list(String key, Kind<T> kind, List<T> fallback) {
        return has(key) ? Placed.values(placed(key, kind)) : shown(key, kind, fallback);
    }

    /// A list whose parts know where they stand.
    <T> List<Placed<T>> placed(String key, Kind<T> kind) {
        var found = field(key)
                .map(field -> reading.list(field.value(), dotted(key), kind))
                .orElse(List.of());
        shown(key, kind, Placed.values(found));
        return found;
    }

    private <T> List<T> shown(String key, Kind<T> kind, List<T> values) {
        effective.put(
                key, values.stream().map(each -> plain(kind.show().apply(each))).toList());
        return values;
    }

    <T> Optional<T> secret(String key, Kind<T> kind) {
        return secrets(key, kind).stream().findFirst();
    }

    <T> List<T> secrets(String key, Kind<T> kind) {
        var found = field(key).map(Node.Field::value);
        var value = found.map(node -> reading.secrets(node, dotted(key), kind)).orElse(List.of());
        if (found.isPresent()) {
            effective.put(key, REDACTED);
        }
        return Placed.values(value);
    }

    /// A mapping below this one; empty where it is not there.
    Section section(String key) {
        var nothing = new Node.Fields(List.of(), fields.mark());
        var section = new Section(
                dotted(key),
                field(key).map(found -> mapping(found.value(), key)).orElse(nothing),
                reading);
        effective.put(key, section.effective);
        return section;
    }

    /// A mapping from names that people choose to mappings.
    Map<String, Section> named(String key) {
        var outer = section(key);
        var result = new LinkedHashMap<String, Section>();
        for (var field : outer.fields.fields()) {
            reading.parse(new Node.Scalar(field.key(), field.mark()), dotted(key), Kind.NAME);
            result.put(field.key(), outer.section(field.key()));
        }
        return result;
    }

    /// A list of mappings.
    List<Section> items(String key) {
        var nodes = field(key)
                .map(found -> reading.items(found.value(), dotted(key)))
                .orElse(List.of());
        var result = new ArrayList<Section>();
        for (var node : nodes) {
            var where = dotted(key) + "[" + result.size() + "]";
            result.add(new Section(where, mapping(node, where), reading));
        }
        effective.put(key, result.stream().map(Section::effective).toList());
        return result;
    }

    /// Texts under keys that people choose.
    Map<String, String> texts(String key) {
        return texts(key, name -> Kind.TEXT);
    }

    /// The same, where what is allowed depends on the key.
    Map<String, String> texts(String key, Function<String, Kind<String>> kinds) {
        var section = section(key);
        var result = new LinkedHashMap<String, String>();
        for (var field : section.fields.fields()) {
            result.put(field.key(), section.get(field.key(), kinds.apply(field.key()), ""));
        }
        return result;
    }

    /// Texts under keys that people choose, which may be secrets: they are not shown.
    Map<String, String> secretTexts(String key) {
        var texts = texts(key);
        var hidden = new LinkedHashMap<String, Object>();
        texts.keySet().forEach(name -> hidden.put(name, REDACTED));
        effective.put(key, hidden);
        return texts;
    }

    /// Keys that would mean something to a sink of another type.
    void foreign(List<String> keys, String type) {
        for (var key : keys) {
            field(key)
                    .ifPresent(found -> mistake(
                            found.mark(), dotted(key) + " is for sinks of type " + type + "; leave it out here"));
        }
    }

    /// A key that is known, and a mistake to set because nothing would come of it; the values `harmless` ask
    /// for what happens anyway.
    void notAvailable(String key, String... harmless) {
        field(key).ifPresent(found -> {
            if (!reading.isOneOf(found.value(), List.of(harmless))) {
                mistake(
                        found.mark(),
                        dotted(key) + " is not available in this version; "
                                + (harmless.length == 0 ? "leave it out" : "leave it out or write " + harmless[0]));
            }
        });
    }

    /// A key that is known, and a mistake to set here.
    void misplaced(String key, String message) {
        field(key).ifPresent(found -> mistake(found.mark(), message));
    }

    void notAvailable(List<String> keys) {
        keys.forEach(this::notAvailable);
    }

    boolean has(String key) {
        return field(key).isPresent() && !isEmpty(key);
    }

    /// Whether `key` is there with a list of nothing.
    boolean isEmptyList(String key) {
        return field(key)
                .filter(found -> found.value() instanceof Node.Items items
                        && items.nodes().isEmpty())
                .isPresent();
    }

    /// Where the value of `key` stands, or this mapping where it is not there.
    Mark mark(String key) {
        return fields.find(key).map(found -> found.value().mark()).orElse(fields.mark());
    }

    Mark mark() {
        return fields.mark();
    }

    String path() {
        return path;
    }

    String dotted(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    void mistake(Mark mark, String message) {
        reading.faults().mistake(mark, message);
    }

    void risk(Mark mark, String message) {
        reading.faults().risk(mark, message);
    }

    /// A mistake that is not one where `key` is only misspelt: then [#end] says so, once.
    void lacks(String key, Mark mark, String message) {
        lacks.add(new Lack(key, mark, message));
    }

    /// Reports the keys that nobody asked for, and what is lacking.
    void end() {
        var misspelt = new ArrayList<String>();
        for (var field : fields.fields()) {
            if (!known.contains(field.key())) {
                var nearest = Nearest.to(field.key(), known).orElse("nothing");
                misspelt.add(nearest);
                mistake(
                        field.mark(),
                        "'" + field.key() + "' is not known" + (path.isEmpty() ? "" : " in " + path)
                                + "; the nearest name is " + nearest);
            }
        }
        lacks.stream()
                .filter(lack -> !misspelt.contains(lack.key()))
                .forEach(lack -> mistake(lack.mark(), lack.message()));
    }

    private Optional<Node.Field> field(String key) {
        known.add(key);
        return fields.find(key);
    }

    private Optional<Node.Scalar> scalar(String key) {
        return field(key).flatMap(found -> reading.scalar(found.value(), dotted(key)));
    }

    private boolean isEmpty(String key) {
        return fields.find(key)
                .filter(found -> found.value() instanceof Node.Empty)
                .isPresent();
    }

    private Node.Fields mapping(Node node, String key) {
        return reading.mapping(node, path.isEmpty() ? key : dotted(key));
    }

    /// Numbers and switches are shown without quotes.
    private static Object plain(String text) {
        if (text.matches("-?\\d{1,18}")) {
            return Long.parseLong(text);
        }
        return text.equals("true") || text.equals("false") ? Boolean.parseBoolean(text) : text;
    }
}
