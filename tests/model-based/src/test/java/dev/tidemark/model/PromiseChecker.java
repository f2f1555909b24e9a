package dev.tidemark.model;

import dev.tidemark.model.ModelMailbox.Change;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.values.ChangeKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Compares the received events with the changes in the mailboxes, by the promise for each kind of change.
final class PromiseChecker {
    static final String CONNECTION_BLAMED = "The connection counted as unavailable for one mailbox: ";

    private final Set<ChangeKind> subscribedKinds;

    private final ModelExchange exchange;
    private final ModelReceiver receiver;

    PromiseChecker(Set<ChangeKind> subscribedKinds, ModelExchange exchange, ModelReceiver receiver) {
        this.subscribedKinds = subscribedKinds;
        this.exchange = exchange;
        this.receiver = receiver;
    }

    /// Returns one line per broken promise.
    List<String> faults() {
        return Stream.of(
                        receiver.violations().stream(),
                        exchange.stuck().complaints().stream(),
                        connectionAccused(),
                        exchange.mailboxes().stream().flatMap(this::faults))
                .flatMap(Function.identity())
                .toList();
    }

    /// Checks the connection: at most one mailbox at a time is forbidden, which does not concern the connection.
    private Stream<String> connectionAccused() {
        return receiver.reasons("connection.unavailable")
                .filter(reason -> reason.contains("403"))
                .map(reason -> CONNECTION_BLAMED + reason);
    }

    /// Checks that every mailbox is subscribed after undisturbed days.
    private Stream<String> subscribed(ModelMailbox mailbox) {
        return exchange.isSubscribed(mailbox)
                ? Stream.empty()
                : Stream.of(mailbox.address() + " is not subscribed in the end");
    }

    private Stream<String> faults(ModelMailbox mailbox) {
        return Stream.of(
                        exactlyOnce(mailbox, ChangeKind.NEW_MAIL),
                        exactlyOnce(mailbox, ChangeKind.CREATED),
                        nothingInvented(mailbox),
                        subscribed(mailbox),
                        removed(mailbox, ChangeKind.DELETED, Change::item),
                        removed(
                                mailbox,
                                ChangeKind.MOVED,
                                change -> change.old().orElseThrow()),
                        modified(mailbox))
                .flatMap(Function.identity());
    }

    /// Checks received and created items, which have one id on every path.
    private Stream<String> exactlyOnce(ModelMailbox mailbox, ChangeKind kind) {
        var announced = announced(mailbox, kind);
        return changes(mailbox, kind)
                .filter(change -> announced.getOrDefault(change.item(), 0L) != 1)
                .filter(change -> announced.containsKey(change.item()) || !receiver.mayHaveExpired(change.item()))
                .map(change -> kind + " of " + change.item() + " at " + change.at() + " came "
                        + announced.getOrDefault(change.item(), 0L) + " times");
    }

    private Stream<String> nothingInvented(ModelMailbox mailbox) {
        return Stream.of(ChangeKind.values()).flatMap(kind -> {
            var happened = mailbox.history().stream()
                    .flatMap(change -> Stream.concat(Stream.of(change.item()), change.old().stream()))
                    .collect(Collectors.toSet());
            return announced(mailbox, kind).keySet().stream()
                    .filter(item -> !subscribedKinds.contains(kind) || !happened.contains(item))
                    .map(item -> kind + " of " + item + " was invented");
        });
    }

    /// Checks removed items: reported once, as themselves by push, as a deletion by a resync, or not at all if
    /// a resync could not know.
    private Stream<String> removed(ModelMailbox mailbox, ChangeKind kind, Function<Change, String> item) {
        var deleted = announced(mailbox, ChangeKind.DELETED);
        var announced = announced(mailbox, kind);
        return changes(mailbox, kind)
                .filter(change -> announced.getOrDefault(change.item(), 0L)
                                        + (kind == ChangeKind.MOVED ? deleted.getOrDefault(item.apply(change), 0L) : 0)
                                == 0
                        && !mayBeUnknown(mailbox, change.at())
                        && !receiver.mayHaveExpired(item.apply(change))
                        && !receiver.mayHaveExpired(change.item())
                        && (kind == ChangeKind.DELETED || subscribedKinds.contains(ChangeKind.DELETED)))
                .map(change -> kind + " of " + item.apply(change) + " at " + change.at() + " was not reported");
    }

    private boolean mayBeUnknown(ModelMailbox mailbox, Instant at) {
        return exchange.lastWeakSync(mailbox).filter(weak -> !weak.isBefore(at)).isPresent();
    }

    /// Checks modified items: push reports each modification; a resync reports the item once, or its creation
    /// if that is new.
    private Stream<String> modified(ModelMailbox mailbox) {
        var reports = Stream.of(ChangeKind.MODIFIED, ChangeKind.CREATED, ChangeKind.NEW_MAIL, ChangeKind.DELETED)
                .flatMap(kind -> Stream.concat(
                        receiver.of(mailbox.address(), kind).stream(),
                        receiver.redelivered(mailbox.address(), kind).stream()))
                .collect(Collectors.groupingBy(PromiseChecker::item));
        return changes(mailbox, ChangeKind.MODIFIED)
                .filter(change -> mailbox.items().contains(change.item()) && !receiver.mayHaveExpired(change.item()))
                .filter(change -> reports.getOrDefault(change.item(), List.of()).stream()
                        .noneMatch(event ->
                                !event.recordedAt().plus(Duration.ofMinutes(2)).isBefore(change.at())))
                .map(change -> "The modification of " + change.item() + " at " + change.at() + " was not reported");
    }

    private Stream<Change> changes(ModelMailbox mailbox, ChangeKind kind) {
        return subscribedKinds.contains(kind)
                ? mailbox.history().stream()
                        .filter(change -> change.kind() == kind && mailbox.isReadable(change.item()))
                : Stream.empty();
    }

    private Map<String, Long> announced(ModelMailbox mailbox, ChangeKind kind) {
        return receiver.of(mailbox.address(), kind).stream()
                .collect(Collectors.groupingBy(PromiseChecker::item, Collectors.counting()));
    }

    private static String item(JournalEvent event) {
        return ((EventData.Change) event.data()).target().id();
    }
}
