package dev.tidemark.forwarder;

import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.Journal;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.SinkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Buffers all state of a sink until the store has it. If the store fails, the buffer keeps its content and
/// writes it again; nothing is lost or written twice. Not thread-safe; guarded by the sink's lock.
final class SinkWriteBuffer {
    private static final Logger LOG = LoggerFactory.getLogger(SinkWriteBuffer.class);

    /// Interval between the starts of two saves. Positions must be saved at least once per second, including
    /// the time to force them to disk.
    private static final Duration SAVE_EVERY = Duration.ofMillis(400);

    private static final int SAVE_ROWS = 256;

    private final SinkName sink;
    private final SinkPartition partition;
    private final Journal journal;
    private final DeliveryStore deliveries;
    private final DeferredDeliveryOverlay rows;
    private final SinkPositionTracker progress;
    private final Deque<DeadLetter> unsavedDeadLetters = new ArrayDeque<>();
    private final Deque<InstanceEvent> unsavedEvents = new ArrayDeque<>();
    private SinkStatus savedStatus;
    private SinkStatus status;
    private Instant savedAt;
    private DeliveryPosition saved;

    /// @throws dev.tidemark.store.StoreException if the store cannot be read
    public SinkWriteBuffer(SinkName sink, WatermarkStore store, Instant now) {
        this(sink, SinkPartition.WHOLE, store.journal(), store.deliveries(), now);
    }

    /// @param partition sink partition that it delivers
    /// @param deliveries view of that partition, under its lease if it has one
    /// @throws dev.tidemark.store.StoreException if the store cannot be read
    SinkWriteBuffer(SinkName sink, SinkPartition partition, Journal journal, DeliveryStore deliveries, Instant now) {
        this.sink = sink;
        this.partition = partition;
        this.journal = journal;
        this.deliveries = deliveries;
        this.rows = new DeferredDeliveryOverlay(sink, deliveries);
        this.saved = deliveries.open(sink);
        this.progress = new SinkPositionTracker(saved);
        this.status = deliveries.status(sink);
        this.savedStatus = status;
        this.savedAt = now;
    }

    public SinkStatus status() {
        return status;
    }

    public void status(SinkStatus next) {
        status = next;
    }

    SinkPositionTracker progress() {
        return progress;
    }

    /// Returns the position from which the sink would continue after a restart.
    JournalPosition savedUpTo() {
        return saved.upTo();
    }

    DeferredDeliveryOverlay rows() {
        return rows;
    }

    /// Returns the next events, with those of forgotten mailboxes, so that the sink counts them.
    List<JournalEvent> readNext(int max) {
        return readAll(progress.read(), max);
    }

    /// Returns events as [#readNext] does.
    List<JournalEvent> readAll(JournalPosition after, int max) {
        return journal.readWithForgotten(after, max);
    }

    /// Returns true if this partition of the sink delivers the event.
    boolean owns(JournalEvent event) {
        return partition.contains(DeliveryLanes.of(event));
    }

    /// Returns true if this partition of the sink sends the replays of the whole sink.
    boolean isFirst() {
        return partition.index() == 0;
    }

    /// Returns the ids of the mailboxes whose events must not be sent.
    Set<MailboxId> forgotten() {
        return journal.forgotten();
    }

    int forgottenTotal() {
        return journal.forgottenTotal();
    }

    Optional<JournalEvent> at(JournalPosition position) {
        return journal.find(position);
    }

    /// Returns the position before the oldest event in the journal.
    JournalPosition oldest() {
        return journal.oldest();
    }

    /// Returns the number of events that were removed from the journal before the sink read them.
    long missedBefore(JournalPosition next) {
        if (next.equals(progress.read().next())) {
            return 0;
        }
        var oldest = oldest();
        return oldest.compareTo(next) < 0 ? skip(oldest) : 0;
    }

    /// Advances past events that no longer exist; returns their number. Their mailboxes are unknown, so that each
    /// partition of a sink counts its share.
    long skip(JournalPosition to) {
        return Math.ceilDiv(progress.skip(to), partition.count());
    }

    public List<JournalEvent> read(JournalPosition after, int max) {
        return journal.read(after, max);
    }

    public SinkName sink() {
        return sink;
    }

    public DeliveryStore deliveries() {
        return deliveries;
    }

    /// Adds the dead letter of a replayed event, which the backlog handles independently.
    public void restoreDeadLetter(DeadLetter letter) {
        unsavedDeadLetters.add(letter);
    }

    List<DeliveryStore.LaneDue> parkedLanes() {
        return deliveries.deferredLanes(sink).stream()
                .filter(lane -> partition.contains(lane.lane()))
                .toList();
    }

    /// Moves an event that was read to a deferred row.
    void defer(DeferredDelivery row) {
        rows.put(row);
        progress.done(row.position());
    }

    void deadLetter(DeadLetter letter) {
        unsavedDeadLetters.add(letter);
        rows.done(letter.event().position());
        progress.done(letter.event().position());
    }

    public void enqueueInstanceEvent(InstanceEvent notice) {
        unsavedEvents.add(notice);
    }

    /// Saves what is due and returns the time of the next save.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot write; the buffer keeps its content
    public Instant flushIfDue(Instant now) {
        var due = savedAt.plus(SAVE_EVERY);
        if (!unsavedDeadLetters.isEmpty()
                || !unsavedEvents.isEmpty()
                || rows.unsavedCount() >= SAVE_ROWS
                || !due.isAfter(now)) {
            flush(now);
        }
        return isDirty() ? savedAt.plus(SAVE_EVERY) : Instant.MAX;
    }

    /// Saves everything. Dead letters come first: after the position is saved, their events are no longer
    /// found.
    public void flush(Instant now) {
        while (!unsavedDeadLetters.isEmpty()) {
            deliveries.saveDeadLetter(unsavedDeadLetters.getFirst());
            log(unsavedDeadLetters.removeFirst());
        }
        if (!status.equals(savedStatus)) {
            deliveries.saveStatus(sink, status);
            savedStatus = status;
        }
        while (!unsavedEvents.isEmpty()) {
            var event = unsavedEvents.getFirst();
            if (!isAnnounced(event.type())) {
                journal.appendInstanceEvent(event.type(), event.fields());
            }
            unsavedEvents.removeFirst();
        }
        if (isDirty()) {
            save(progress.position());
        }
        savedAt = now;
    }

    /// Returns true if an earlier partition of the sink has announced that the sink is disabled. Failures of partitions
    /// begin and end at different times, so each announces its own.
    private boolean isAnnounced(String type) {
        return type.equals("sink.disabled")
                && SinkPartition.all(partition.count()).stream()
                        .limit(partition.index())
                        .anyMatch(earlier -> deliveries.of(earlier).status(sink).disabled());
    }

    private static void log(DeadLetter letter) {
        LOG.warn(
                "Event {} is a dead letter of sink {}, {}, after {} attempts: {}; repair the receiver, then run 'tidemark"
                        + " dead-letters replay {}'",
                letter.event().id().value(),
                letter.sink(),
                letter.id(),
                letter.attempts(),
                letter.reason(),
                letter.id());
    }

    /// Skips the write for a sink that only read events, because its position did not move.
    private void save(DeliveryPosition position) {
        if (rows.isDirty() || !position.equals(saved)) {
            deliveries.save(sink, position, rows.changedRows(), rows.doneRows());
            saved = position;
        }
        progress.onSaved();
        rows.onSaved();
    }

    private boolean isDirty() {
        return rows.isDirty() || progress.isChanged();
    }
}
