package dev.tidemark.forwarder;

import dev.tidemark.watermark.EventData.Change;
import dev.tidemark.watermark.EventData.Lifecycle;
import dev.tidemark.watermark.EventData.MailboxRef;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.SinkName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which events are meant for a sink: those of the groups that forward to it and those of the instance, as
/// far as its patterns match their type.
final class Routing {
    private final SinkName sink;
    private final Set<String> groups;
    private final List<Pattern> patterns;

    private Routing(SinkName sink, Set<String> groups, List<Pattern> patterns) {
        this.sink = sink;
        this.groups = groups;
        this.patterns = patterns;
    }

    static Routing of(SinkConfig config, Map<String, Set<SinkName>> routes) {
        var groups = routes.entrySet().stream()
                .filter(route -> route.getValue().contains(config.name()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        return new Routing(
                config.name(),
                groups,
                config.events().stream().map(Routing::pattern).toList());
    }

    boolean wants(JournalEvent event) {
        return isMeant(event) && typeMatches(CloudEvents.typeOf(event));
    }

    private boolean isMeant(JournalEvent event) {
        return switch (event.data()) {
            case Change change -> groups.contains(change.mailbox().group());
            case Lifecycle lifecycle ->
                lifecycle
                        .mailbox()
                        .map(MailboxRef::group)
                        .map(groups::contains)
                        .orElseGet(() -> !sink.value().equals(lifecycle.fields().get("sink")));
        };
    }

    private boolean typeMatches(String type) {
        return patterns.isEmpty()
                || patterns.stream().anyMatch(pattern -> pattern.matcher(type).matches());
    }

    /// Of a type in full, `*` for any characters.
    static Pattern pattern(String glob) {
        var regex = new StringBuilder();
        for (var part : glob.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString());
    }
}
