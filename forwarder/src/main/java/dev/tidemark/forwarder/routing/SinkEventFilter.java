package dev.tidemark.forwarder.routing;

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

/// Selects the events of a sink: those of groups that forward to it and those of the instance, if their type
/// matches its patterns. An event keeps the group of its mailbox. If that group is no longer configured, the
/// mailbox's current group counts. Thread-safe.
public final class SinkEventFilter {
    private final SinkName sink;
    private final RouteLookup routes;
    private final Function<MailboxId, Optional<String>> groupNow;
    private final List<Pattern> patterns;

    private SinkEventFilter(SinkConfig config, RouteLookup routes, Function<MailboxId, Optional<String>> groupNow) {
        this.sink = config.name();
        this.routes = routes;
        this.groupNow = groupNow;
        this.patterns = config.events().stream().map(EventTypeCatalog::pattern).toList();
    }

    /// Returns the sinks of all groups, as they apply to an event.
    @FunctionalInterface
    public interface RouteLookup {
        Map<String, Set<SinkName>> of(JournalEvent event);
    }

    /// Creates the filter of a sink from the routes of all groups.
    ///
    /// @param groupNow current group of a mailbox, if any
    public static SinkEventFilter of(
            SinkConfig config, RouteLookup routes, Function<MailboxId, Optional<String>> groupNow) {
        return new SinkEventFilter(config, routes, groupNow);
    }

    public boolean matches(JournalEvent event) {
        return isAddressed(event) && typeMatches(CloudEventRenderer.typeOf(event));
    }

    private boolean isAddressed(JournalEvent event) {
        return switch (event.data()) {
            case Change change -> isOfGroups(event, change.mailbox());
            case Lifecycle lifecycle ->
                lifecycle
                        .mailbox()
                        .map(mailbox -> isOfGroups(event, mailbox))
                        .orElseGet(() -> !sink.value().equals(lifecycle.fields().get("sink")));
        };
    }

    private boolean isOfGroups(JournalEvent event, MailboxRef mailbox) {
        var sinksOfGroups = routes.of(event);
        var sinks = Optional.ofNullable(sinksOfGroups.get(mailbox.group()))
                .or(() -> groupNow.apply(mailbox.id()).map(group -> sinksOfGroups.getOrDefault(group, Set.of())));
        return sinks.filter(names -> names.contains(sink)).isPresent();
    }

    private boolean typeMatches(String type) {
        return patterns.isEmpty()
                || patterns.stream().anyMatch(pattern -> pattern.matcher(type).matches());
    }
}
