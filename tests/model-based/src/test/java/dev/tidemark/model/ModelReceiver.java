package dev.tidemark.model;

import dev.tidemark.forwarder.SteppedSink;
import dev.tidemark.model.SimulatedAgenda.Actor;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventId;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.values.ChangeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Receives the events, keeps the first arrival of each, and records broken promises.
final class ModelReceiver implements SteppedSink.Receiver {
    private static final Duration ON_THE_WAY = Duration.ofMillis(500);

    private final SimulatedAgenda agenda;
    private final SeededDice dice;
    private final List<JournalEvent> events = new ArrayList<>();
    private final List<JournalEvent> redelivered = new ArrayList<>();
    private final Set<EventId> ids = new HashSet<>();
    private final Set<String> items = new HashSet<>();
    private final Map<EventSource, Long> highest = new HashMap<>();
    private final Map<EventSource, Set<Long>> sequences = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<EventSource, Set<Long>> expirable = new HashMap<>();
    private final Set<String> expirableItems = new HashSet<>();
    private boolean down;

    /// If true, the sink counts an event as delivered when it sends it, so a kill loses events in flight.
    boolean answersFirst;

    ModelReceiver(SimulatedAgenda agenda, SeededDice dice) {
        this.agenda = agenda;
        this.dice = dice;
    }

    void down(boolean isDown) {
        down = isDown;
    }

    /// Marks an event as expired: the journal held it for longer than a sink may be behind, so it need not
    /// arrive.
    void mayExpire(JournalEvent event) {
        if (sequences.getOrDefault(event.source(), Set.of()).contains(event.sequence())) {
            return;
        }
        expirable.computeIfAbsent(event.source(), ignored -> new HashSet<>()).add(event.sequence());
        if (event.data() instanceof EventData.Change change) {
            expirableItems.add(change.target().id());
        }
    }

    /// Returns whether an event of the item may have expired.
    boolean mayHaveExpired(String item) {
        return expirableItems.contains(item);
    }

    /// Receives an event. An event in flight arrives even if the daemon dies.
    @Override
    public void receive(JournalEvent event, boolean late, Consumer<Boolean> arrived) {
        if (answersFirst) {
            agenda.after(Duration.ZERO, Actor.DAEMON, () -> arrived.accept(true));
            agenda.after(dice.upTo(Duration.ofMinutes(1)), Actor.DAEMON, () -> note(event, true));
            return;
        }
        if (down) {
            agenda.after(ON_THE_WAY, Actor.DAEMON, () -> arrived.accept(false));
            return;
        }
        agenda.after(dice.upTo(ON_THE_WAY), Actor.EXCHANGE, () -> note(event, late));
        var lost = dice.strikes(TroubleKind.SINK_ANSWER_LOST, 10);
        agenda.after(ON_THE_WAY, Actor.DAEMON, () -> arrived.accept(!lost));
    }

    private void note(JournalEvent event, boolean late) {
        var seen = sequences.computeIfAbsent(event.source(), ignored -> new HashSet<>());
        if (!seen.add(event.sequence())) {
            return;
        }
        var before = highest.getOrDefault(event.source(), 0L);
        if (event.sequence() < before && !late) {
            violations.add(event.source() + " " + event.sequence() + " came after " + before);
        }
        highest.put(event.source(), Math.max(before, event.sequence()));
        if (!ids.add(event.id()) && isToldAgain(event)) {
            return;
        }
        events.add(event);
        if (event.data() instanceof EventData.Change change) {
            items.add(change.target().id());
        }
    }

    /// Returns whether the id arrived before, by the rules or not. A resync reaches back a little and cannot
    /// recognize what the journal has removed.
    private boolean isToldAgain(JournalEvent event) {
        var first = events.stream()
                .filter(other -> other.id().equals(event.id()))
                .findFirst()
                .orElseThrow();
        var forgotten = first.recordedAt().plus(CoreSettings.RETENTION).isBefore(event.recordedAt());
        if (forgotten && event.origin().filter(EventOrigin.RESYNC::equals).isPresent()) {
            dice.count(TroubleKind.TOLD_AGAIN_AFTER_RETENTION);
            redelivered.add(event);
        } else {
            violations.add("The same id twice: " + line(first) + ", and " + line(event));
        }
        return true;
    }

    private static String line(JournalEvent event) {
        return event.sequence() + " " + event.type() + " by "
                + event.origin().map(Enum::name).orElse("unknown") + ", recorded " + event.recordedAt() + " for "
                + event.time();
    }

    /// Returns whether any event of the item arrived.
    boolean knows(String item) {
        return items.contains(item);
    }

    List<JournalEvent> of(String address, ChangeKind kind) {
        return of(events, address, kind);
    }

    /// Returns the permitted repetitions.
    List<JournalEvent> redelivered(String address, ChangeKind kind) {
        return of(redelivered, address, kind);
    }

    private static List<JournalEvent> of(List<JournalEvent> events, String address, ChangeKind kind) {
        return events.stream()
                .filter(event -> event.data() instanceof EventData.Change change
                        && change.kind() == kind
                        && change.mailbox().address().orElseThrow().value().equals(address))
                .toList();
    }

    /// Returns the reasons in lifecycle events of this type.
    Stream<String> reasons(String type) {
        return events.stream()
                .filter(event -> event.type().equals(type))
                .flatMap(event -> event.data() instanceof EventData.Lifecycle lifecycle
                        ? Stream.of(String.valueOf(lifecycle.fields().get("reason")))
                        : Stream.empty());
    }

    long count(String address, String type) {
        return events.stream()
                .filter(event -> event.type().equals(type)
                        && event.data() instanceof EventData.Lifecycle lifecycle
                        && lifecycle
                                .mailbox()
                                .filter(mailbox ->
                                        mailbox.address().orElseThrow().value().equals(address))
                                .isPresent())
                .count();
    }

    /// Returns the promises that are broken regardless of Exchange. No sink receives the instance's own events
    /// about itself.
    List<String> violations() {
        var holes = sequences.entrySet().stream()
                .filter(entry -> !(entry.getKey() instanceof EventSource.OfInstance))
                .flatMap(entry -> LongStream.rangeClosed(1, highest.getOrDefault(entry.getKey(), 0L))
                        .filter(sequence -> !entry.getValue().contains(sequence))
                        .filter(sequence -> !expirable
                                .getOrDefault(entry.getKey(), Set.of())
                                .contains(sequence))
                        .mapToObj(sequence -> entry.getKey() + " " + sequence + " never came"));
        return Stream.concat(violations.stream(), holes).toList();
    }
}
