package dev.tidemark.forwarder.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Lists all event types that a sink may receive; checks patterns against them. Thread-safe.
public final class EventTypeCatalog {
    private static final List<String> CHANGES = List.of("created", "modified", "deleted", "moved", "copied");
    private static final List<String> OTHERS = List.of(
            "mailbox.message.received",
            "mailbox.freebusy.changed",
            "mailbox.gap.detected",
            "mailbox.resync.completed",
            "mailbox.push.degraded",
            "mailbox.push.restored",
            "mailbox.impaired",
            "mailbox.relocated",
            "mailbox.paused",
            "mailbox.resumed",
            "mailbox.removed",
            "mailbox.forgotten",
            "subscription.created",
            "subscription.lost",
            "subscription.failed",
            "sink.failing",
            "sink.disabled",
            "sink.enabled",
            "delivery.exhausted",
            "delivery.expired",
            "connection.unavailable",
            "connection.available",
            "ping");
    private static final Set<String> ALL = new TreeSet<>();

    /// Type that is not journaled, and that a sink must name in full.
    private static final String HEARTBEAT = CloudEventRenderer.TYPE_PREFIX + "heartbeat";

    static {
        Stream.concat(
                        OTHERS.stream(),
                        Stream.of("item", "folder")
                                .flatMap(what -> CHANGES.stream().map(change -> "mailbox." + what + "." + change)))
                .map(type -> CloudEventRenderer.TYPE_PREFIX + type)
                .forEach(ALL::add);
    }

    private EventTypeCatalog() {}

    /// Returns the full types in alphabetical order.
    public static List<String> all() {
        return Stream.concat(ALL.stream(), Stream.of(HEARTBEAT)).sorted().toList();
    }

    /// Returns true if the pattern of a sink matches at least one event type.
    public static boolean matchesAnyForSinks(String pattern) {
        return pattern.equals(HEARTBEAT) || matchesAny(pattern);
    }

    /// Returns true if the pattern matches at least one event type, except heartbeats.
    public static boolean matchesAny(String pattern) {
        var compiled = pattern(pattern);
        return ALL.stream().anyMatch(type -> compiled.matcher(type).matches());
    }

    /// Returns true if the pattern matches at least one event type of a mailbox, as opposed to the instance.
    public static boolean matchesAnyOfMailbox(String pattern) {
        var compiled = pattern(pattern);
        return pattern.equals(HEARTBEAT)
                || ALL.stream()
                        .filter(EventTypeCatalog::isOfMailbox)
                        .anyMatch(type -> compiled.matcher(type).matches());
    }

    private static boolean isOfMailbox(String type) {
        return type.startsWith(CloudEventRenderer.TYPE_PREFIX + "mailbox.")
                || type.startsWith(CloudEventRenderer.TYPE_PREFIX + "subscription.");
    }

    /// Returns the patterns that match a type or a family of types.
    public static List<String> patterns() {
        var patterns = new TreeSet<>(ALL);
        for (var type : ALL) {
            for (var dot = type.lastIndexOf('.'); dot > 0; dot = type.lastIndexOf('.', dot - 1)) {
                patterns.add(type.substring(0, dot) + ".*");
            }
        }
        return new ArrayList<>(patterns);
    }

    /// Compiles a pattern for full event types; `*` matches any characters.
    public static Pattern pattern(String glob) {
        var regex = new StringBuilder();
        for (var part : glob.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString());
    }
}
