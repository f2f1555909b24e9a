package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.event.EventTypeCatalog;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Selects the events of a sink: those of groups that forward to it and those of the instance, if their type
/// matches its patterns. An event keeps the group of its mailbox. If that group is no longer configured, the
/// mailbox's current group counts. Thread-safe.
final class SinkEventFilter {
    private final SinkName sink;
    private final Set<String> groups;
    private final Set<String> configured;
    private final Function<MailboxId, Optional<String>> groupNow;
    private final List<Pattern> patterns;

    private SinkEventFilter(
            SinkConfig config,
            Set<String> groups,
            Set<String> configured,
            Function<MailboxId, Optional<String>> groupNow) {
        this.sink = config.name();
        this.groups = groups;
        this.configured = configured;
        this.groupNow = groupNow;
        this.patterns = config.events().stream().map(EventTypeCatalog::pattern).toList();
    }

    /// Creates the filter of a sink from the routes of all groups.
    ///
    /// @param groupNow current group of a mailbox, if any
    public static SinkEventFilter of(
            SinkConfig config, Map<String, Set<SinkName>> routes, Function<MailboxId, Optional<String>> groupNow) {
        var groups = routes.entrySet().stream()
                .filter(route -> route.getValue().contains(config.name()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        return new SinkEventFilter(config, groups, Set.copyOf(routes.keySet()), groupNow);
    }

    public boolean matches(JournalEvent event) {
        return isAddressed(event) && typeMatches(CloudEventRenderer.typeOf(event));
    }

    private boolean isAddressed(JournalEvent event) {
        return switch (event.data()) {
            case Change change -> isOfGroups(change.mailbox());
            case Lifecycle lifecycle ->
                lifecycle
                        .mailbox()
                        .map(this::isOfGroups)
                        .orElseGet(() -> !sink.value().equals(lifecycle.fields().get("sink")));
        };
    }

    private boolean isOfGroups(MailboxRef mailbox) {
        return configured.contains(mailbox.group())
                ? groups.contains(mailbox.group())
                : groupNow.apply(mailbox.id()).filter(groups::contains).isPresent();
    }

    private boolean typeMatches(String type) {
        return patterns.isEmpty()
                || patterns.stream().anyMatch(pattern -> pattern.matcher(type).matches());
    }
}
