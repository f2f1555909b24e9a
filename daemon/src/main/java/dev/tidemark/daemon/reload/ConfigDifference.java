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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Changed keys between two configurations. Compares visible values, digests of secrets, and files. Lists of
/// mailboxes are not part of it.
///
/// @param keys kind of the change of each dotted key; a connection, group, sink or token that is new or removed
/// counts as one key
record ConfigDifference(Map<String, DifferenceKind> keys) {
    /// Key in a section with freely chosen names, which hold no dot. The members of such a section are added and
    /// removed as a whole.
    private static final Pattern IN_MEMBER =
            Pattern.compile("((?:connections|subscriptions|sinks|admin\\.tokens)\\.[^.]+)\\..+");

    private static final Pattern SECRET_OF_TOKEN = Pattern.compile("admin\\.tokens\\[(\\d+)](.*)");

    /// Lists that are not compared as a whole: mailboxes not at all, and tokens one by one. An empty list has no
    /// key.
    private static final Pattern LISTS = Pattern.compile("subscriptions\\.[^.]+\\.mailboxes|admin\\.tokens");

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
        var tokens = tokens(config);
        config.inputs().secrets().forEach((key, digest) -> result.put(named(key, tokens), digest));
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
                if (!LISTS.matcher(path).matches()) {
                    result.put(path, value);
                }
            }
        }
    }

    /// Returns the names of the tokens, in the order of their secrets.
    private static List<String> tokens(TidemarkConfig config) {
        return config.effective().get("admin") instanceof Map<?, ?> admin && admin.get("tokens") instanceof List<?> all
                ? all.stream().map(each -> name(all, each)).toList()
                : List.of();
    }

    /// Returns the key of a secret with the name of its token, because the place in the list changes if another
    /// token is removed.
    private static String named(String key, List<String> tokens) {
        var token = SECRET_OF_TOKEN.matcher(key);
        return token.matches() ? "admin.tokens." + tokens.get(Integer.parseInt(token.group(1))) + token.group(2) : key;
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

    /// Returns the connection, group, sink or token that a key belongs to.
    private static Optional<String> member(String key) {
        var matcher = IN_MEMBER.matcher(key);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
