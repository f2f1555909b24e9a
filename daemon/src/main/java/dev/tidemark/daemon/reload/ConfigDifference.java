package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.inputs.ConfigFile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Changed keys between two configurations. Compares visible values, digests of secrets, and files. Lists of
/// mailboxes are not part of it.
///
/// @param keys kind of the change of each dotted key; a connection, group or sink that is new or removed counts as
/// one key
record ConfigDifference(Map<String, DifferenceKind> keys) {
    /// Sections with freely chosen names. Their members are added and removed as a whole.
    private static final Set<String> NAMED = Set.of("connections", "subscriptions", "sinks");

    enum DifferenceKind {
        ADDED,
        REMOVED,
        CHANGED
    }

    static ConfigDifference between(TidemarkConfig before, TidemarkConfig after) {
        var old = values(before);
        var next = values(after);
        var oldNames = members(old.keySet());
        var nextNames = members(next.keySet());
        var keys = new TreeMap<String, DifferenceKind>();
        var all = new HashSet<>(old.keySet());
        all.addAll(next.keySet());
        for (var key : all) {
            var member = member(key);
            if (member.filter(name -> !oldNames.contains(name)).isPresent()) {
                keys.put(member.get(), DifferenceKind.ADDED);
            } else if (member.filter(name -> !nextNames.contains(name)).isPresent()) {
                keys.put(member.get(), DifferenceKind.REMOVED);
            } else if (!Optional.ofNullable(old.get(key)).equals(Optional.ofNullable(next.get(key)))) {
                keys.put(key, DifferenceKind.CHANGED);
            }
        }
        return new ConfigDifference(keys);
    }

    /// Returns the files whose content differs, by key.
    static Set<String> renewedFiles(TidemarkConfig before, TidemarkConfig after) {
        var old = files(before);
        return files(after).entrySet().stream()
                .filter(file -> !file.getValue().equals(old.get(file.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// Returns the changes of the wanted keys.
    ConfigDifference filter(Predicate<String> wanted) {
        var some = new TreeMap<String, DifferenceKind>();
        keys.forEach((key, kind) -> {
            if (wanted.test(key)) {
                some.put(key, kind);
            }
        });
        return new ConfigDifference(some);
    }

    /// Returns a sentence for each key.
    List<String> sentences() {
        return keys.entrySet().stream()
                .map(entry -> switch (entry.getValue()) {
                    case ADDED -> entry.getKey() + " added";
                    case REMOVED -> entry.getKey() + " removed";
                    case CHANGED -> entry.getKey() + " changed";
                })
                .toList();
    }

    private static Map<String, Object> values(TidemarkConfig config) {
        var result = new HashMap<String, Object>();
        flatten("", config.effective(), result);
        config.inputs().secrets().forEach((key, digest) -> result.put(key, digest));
        files(config).entrySet().stream()
                // the admin server reloads its certificate automatically
                .filter(file -> !file.getKey().startsWith("admin."))
                .forEach(file -> result.merge(file.getKey(), file.getValue(), (path, content) -> path + " " + content));
        return result;
    }

    private static Map<String, String> files(TidemarkConfig config) {
        return config.inputs().files().stream()
                .filter(file -> !file.mailboxes())
                .collect(Collectors.toMap(ConfigFile::key, ConfigFile::digest, (one, other) -> one));
    }

    private static void flatten(String path, Object value, Map<String, Object> result) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, each) -> flatten(dotted(path, String.valueOf(key)), each, result));
            case List<?> list
            when list.stream().allMatch(Map.class::isInstance) && !list.isEmpty() ->
                list.forEach(each -> flatten(dotted(path, name(list, each)), each, result));
            default -> {
                if (!path.matches("subscriptions\\.[^.]+\\.mailboxes")) {
                    result.put(path, value);
                }
            }
        }
    }

    private static String name(List<?> list, Object each) {
        return each instanceof Map<?, ?> map && map.get("name") instanceof String name
                ? name
                : String.valueOf(list.indexOf(each));
    }

    private static String dotted(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static Set<String> members(Set<String> keys) {
        return keys.stream().flatMap(key -> member(key).stream()).collect(Collectors.toSet());
    }

    /// Returns the connection, group or sink that a key belongs to. Names hold no dot.
    private static Optional<String> member(String key) {
        var parts = key.split("\\.", 3);
        return parts.length == 3 && NAMED.contains(parts[0])
                ? Optional.of(parts[0] + "." + parts[1])
                : Optional.empty();
    }
}
