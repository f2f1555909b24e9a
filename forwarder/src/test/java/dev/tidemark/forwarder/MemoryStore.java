package dev.tidemark.forwarder;

import dev.tidemark.contract.InMemoryLeases;
import dev.tidemark.contract.PartialStore;
import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.Journal;
import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventSource.OfMailbox;
import dev.tidemark.store.model.InstanceRecord;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.store.model.SinkStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// In-memory store with journal, deliveries and replays; other ports are missing. Tests can make writes fail.
/// Thread-safe.
public final class MemoryStore extends PartialStore implements Journal, DeliveryStore, ReplayStore {
    private static final Comparator<DeadLetter.PageKey> NEWEST_FIRST =
            Comparator.comparing(DeadLetter.PageKey::diedAt).reversed().thenComparing(DeadLetter.PageKey::id);

    private final TreeMap<JournalPosition, JournalEvent> events = new TreeMap<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<SinkName, DeliveryPosition> positions = new HashMap<>();
    private final Map<SinkName, SinkStatus> statuses = new HashMap<>();
    private final Map<SinkName, Map<JournalPosition, DeferredDelivery>> rows = new HashMap<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    private final Set<String> recalled = new HashSet<>();
    private final Map<String, SinkReplay> replays = new TreeMap<>();
    private final Map<SinkName, Integer> saves = new HashMap<>();
    private final Set<MailboxId> forgotten = ConcurrentHashMap.newKeySet();
    private int laneReads;
    private final Set<SinkName> opened = new HashSet<>();
    private final Set<SinkName> lost = new HashSet<>();
    private final InMemoryLeases leases = new InMemoryLeases(Clock.systemUTC());
    private final InstantSource clock;
    private long end;
    private boolean failing;
    private int failures;

    public MemoryStore() {
        this(() -> TestEvents.NOW);
    }

    MemoryStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Optional<LeaseStore> leases() {
        return Optional.of(leases);
    }

    /// Refuses changes of a sink, like a store in which another node has taken its lease.
    synchronized void loseLease(SinkName sink) {
        lost.add(sink);
    }

    /// Accepts changes of a sink again, which are those of another node.
    synchronized void takeLease(SinkName sink) {
        lost.remove(sink);
    }

    /// Returns the same store, whose leases the tests take and lose by hand.
    @Override
    public MemoryStore under(Lease lease) {
        return this;
    }

    @Override
    public MemoryStore of(SinkPartition partition) {
        if (partition.count() > 1) {
            throw new UnsupportedOperationException("Use a real store to test partitions.");
        }
        return this;
    }

    private void requireLease(SinkName sink) {
        if (lost.contains(sink)) {
            throw new LeaseLostException(new Lease("sink:" + sink, 1));
        }
    }

    /// Discards the state that a real store loses when it is reopened.
    synchronized MemoryStore reopened() {
        opened.clear();
        return this;
    }

    public synchronized JournalEvent receive(MailboxRef mailbox) {
        return append(TestEvents.received(mailbox, ++end, next(mailbox.id().value())));
    }

    private synchronized JournalEvent append(JournalEvent nameless) {
        var event = TestEvents.recordedAt(nameless, clock.instant());
        events.put(event.position(), event);
        notifyAll();
        return event;
    }

    private long next(String source) {
        return sequences.merge(source, 1L, Long::sum);
    }

    /// Returns the number of writes of the sink's progress.
    synchronized int saves(SinkName sink) {
        return saves.getOrDefault(sink, 0);
    }

    synchronized void failing(boolean fails) {
        failing = fails;
    }

    /// Returns the number of failures.
    synchronized int failures() {
        return failures;
    }

    public synchronized void forget(JournalPosition upTo) {
        events.headMap(upTo, true).clear();
    }

    synchronized DeliveryPosition position(SinkName sink) {
        return positions.get(sink);
    }

    public synchronized List<DeferredDelivery> rows(SinkName sink) {
        return List.copyOf(rowsOf(sink).values());
    }

    public synchronized List<String> instanceEvents() {
        return events.values().stream()
                .map(JournalEvent::type)
                .filter(type -> !type.startsWith("mailbox."))
                .toList();
    }

    public synchronized JournalEvent lastEvent() {
        return events.lastEntry().getValue();
    }

    private void requireWorking() {
        if (failing) {
            failures++;
            throw new StoreException("The disk is full; make room.");
        }
    }

    @Override
    public synchronized List<JournalEvent> read(JournalPosition after, int limit) {
        requireWorking();
        return events.tailMap(after, false).values().stream()
                .filter(event -> !event.isForgotten(forgotten))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<JournalEvent> readWithForgotten(JournalPosition after, int limit) {
        requireWorking();
        return events.tailMap(after, false).values().stream().limit(limit).toList();
    }

    @Override
    public synchronized Set<MailboxId> forgotten() {
        return Collections.unmodifiableSet(forgotten);
    }

    /// Forgets a mailbox with its rows and journals that.
    synchronized JournalEvent forget(MailboxRef mailbox) {
        forgotten.add(mailbox.id());
        var lane = mailbox.id().value();
        rows.values().forEach(all -> all.values().removeIf(row -> row.lane().equals(lane)));
        letters.removeIf(letter -> letter.event().isForgotten(forgotten));
        var ref = new MailboxRef(mailbox.id(), Optional.empty(), mailbox.group());
        return append(TestEvents.ofMailbox(ref, ++end, next(lane), "mailbox.forgotten", Map.of()));
    }

    @Override
    public synchronized Optional<JournalEvent> find(JournalPosition position) {
        return Optional.ofNullable(events.get(position)).filter(event -> !event.isForgotten(forgotten));
    }

    /// Counts each event as an entry.
    @Override
    public synchronized List<JournalEvent> newest(
            MailboxId mailbox, Predicate<JournalEvent> wanted, int most, int entries) {
        return events.descendingMap().values().stream()
                .filter(event -> event.source().equals(new OfMailbox(mailbox)))
                .limit(entries)
                .filter(wanted)
                .limit(most)
                .toList();
    }

    @Override
    public synchronized JournalPosition oldest() {
        return events.isEmpty()
                ? new JournalPosition(end)
                : new JournalPosition(events.firstKey().value() - 1);
    }

    @Override
    public synchronized JournalPosition end() {
        return new JournalPosition(end);
    }

    @Override
    public synchronized boolean awaitBeyond(JournalPosition after, Duration most) throws InterruptedException {
        var deadline = System.nanoTime() + most.toNanos();
        while (end <= after.value() && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
        }
        return end > after.value();
    }

    @Override
    public synchronized void appendInstanceEvent(String type, Map<String, Object> fields) {
        requireWorking();
        append(TestEvents.ofInstance(++end, next(""), type, fields));
    }

    /// Finds only mailboxes that have an event.
    @Override
    public synchronized void appendMailboxEvent(MailboxId mailbox, String type, Map<String, Object> fields) {
        requireWorking();
        newest(mailbox, event -> event.data() instanceof Change, 1, Integer.MAX_VALUE).stream()
                .map(event -> ((Change) event.data()).mailbox())
                .forEach(ref -> append(TestEvents.ofMailbox(ref, ++end, next(mailbox.value()), type, fields)));
    }

    @Override
    public synchronized int prune(Instant time, JournalPosition delivered, int most) {
        requireWorking();
        var old = events.headMap(delivered, true).values().stream()
                .takeWhile(event -> event.recordedAt().isBefore(time))
                .limit(most)
                .toList();
        old.forEach(event -> events.remove(event.position()));
        return old.size();
    }

    @Override
    public synchronized Optional<DeliveryPosition> savedPosition(SinkName sink) {
        return Optional.ofNullable(positions.get(sink));
    }

    @Override
    public synchronized DeliveryPosition open(SinkName sink) {
        opened.add(sink);
        return positions.computeIfAbsent(sink, ignored -> DeliveryPosition.at(end()));
    }

    @Override
    public synchronized void release(SinkName sink) {
        opened.remove(sink);
    }

    @Override
    public synchronized SinkStatus status(SinkName sink) {
        return statuses.getOrDefault(sink, SinkStatus.HEALTHY);
    }

    @Override
    public synchronized void saveStatus(SinkName sink, SinkStatus status) {
        requireWorking();
        requireLease(sink);
        open(sink);
        statuses.put(sink, status);
    }

    @Override
    public synchronized void save(
            SinkName sink,
            DeliveryPosition position,
            Collection<DeferredDelivery> deferred,
            Collection<JournalPosition> done) {
        requireWorking();
        requireLease(sink);
        opened.add(sink);
        positions.put(sink, position);
        deferred.forEach(row -> rowsOf(sink).put(row.position(), row));
        done.forEach(rowsOf(sink)::remove);
        saves.merge(sink, 1, Integer::sum);
    }

    private Map<JournalPosition, DeferredDelivery> rowsOf(SinkName sink) {
        return rows.computeIfAbsent(sink, ignored -> new TreeMap<>());
    }

    @Override
    public synchronized List<DeferredDelivery> deferred(SinkName sink, String lane, int limit) {
        laneReads++;
        return rowsOf(sink).values().stream()
                .filter(row -> row.lane().equals(lane))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<LaneDue> deferredLanes(SinkName sink) {
        var lanes = rowsOf(sink).values().stream()
                .collect(Collectors.groupingBy(DeferredDelivery::lane, TreeMap::new, Collectors.toList()));
        return lanes.entrySet().stream()
                .map(lane -> new LaneDue(
                        lane.getKey(),
                        earliest(lane.getValue()),
                        lane.getValue().size()))
                .toList();
    }

    private static Instant earliest(List<DeferredDelivery> lane) {
        return lane.stream()
                .map(DeferredDelivery::nextAttemptAt)
                .min(Instant::compareTo)
                .orElseThrow();
    }

    @Override
    public synchronized long deferredCount(SinkName sink) {
        return rowsOf(sink).size();
    }

    @Override
    public synchronized Optional<JournalPosition> oldestDeferred(SinkName sink) {
        return rowsOf(sink).keySet().stream().min(JournalPosition::compareTo);
    }

    @Override
    public synchronized void saveDeadLetter(DeadLetter letter) {
        requireWorking();
        letters.removeIf(each -> each.id().equals(letter.id()));
        letters.add(letter);
        recalled.remove(letter.id());
        rowsOf(letter.sink()).remove(letter.event().position());
    }

    @Override
    public synchronized List<DeadLetter> deadLetters(
            Optional<SinkName> sink, Optional<DeadLetter.PageKey> after, int limit) {
        return lettersOf(sink)
                .filter(letter -> after.filter(place -> NEWEST_FIRST.compare(place, letter.pageKey()) >= 0)
                        .isEmpty())
                .limit(limit)
                .toList();
    }

    private Stream<DeadLetter> lettersOf(Optional<SinkName> sink) {
        return letters.stream()
                .filter(letter ->
                        sink.filter(name -> !name.equals(letter.sink())).isEmpty())
                .sorted(Comparator.comparing(DeadLetter::pageKey, NEWEST_FIRST));
    }

    @Override
    public synchronized Map<SinkName, Long> deadLetterCounts() {
        return letters.stream().collect(Collectors.groupingBy(DeadLetter::sink, Collectors.counting()));
    }

    @Override
    public synchronized long deadLetterCount() {
        return letters.size();
    }

    @Override
    public synchronized boolean dropDeadLetter(String id) {
        requireWorking();
        recalled.remove(id);
        return letters.removeIf(letter -> letter.id().equals(id));
    }

    @Override
    public synchronized void begin(SinkReplay replay) {
        replays.put(replay.id(), replay);
    }

    @Override
    public synchronized List<SinkReplay> running(SinkName sink) {
        return replays.values().stream()
                .filter(replay -> replay.sink().equals(sink))
                .sorted(Comparator.comparing(SinkReplay::begunAt))
                .toList();
    }

    @Override
    public synchronized List<SinkReplay> running() {
        return replays.values().stream()
                .sorted(Comparator.comparing(SinkReplay::begunAt))
                .toList();
    }

    @Override
    public synchronized void advance(String id, JournalPosition after, long done) {
        requireWorking();
        replays.computeIfPresent(id, (ignored, replay) -> {
            requireLease(replay.sink());
            return replay.at(after, done);
        });
    }

    @Override
    public synchronized boolean end(String id) {
        return replays.remove(id) != null;
    }

    @Override
    public synchronized int recallAll(Optional<SinkName> sink) {
        var found = lettersOf(sink).map(DeadLetter::id).toList();
        recalled.addAll(found);
        return found.size();
    }

    @Override
    public synchronized Optional<SinkName> recall(String deadLetter) {
        recalled.add(deadLetter);
        return letters.stream()
                .filter(letter -> letter.id().equals(deadLetter))
                .map(DeadLetter::sink)
                .findFirst();
    }

    @Override
    public synchronized List<DeadLetter> recalled(SinkName sink, int limit) {
        return letters.stream()
                .filter(letter -> letter.sink().equals(sink) && recalled.contains(letter.id()))
                .sorted(Comparator.comparing(DeadLetter::diedAt).thenComparing(DeadLetter::id))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void saveFailedRecall(DeadLetter letter) {
        recalled.remove(letter.id());
        letters.replaceAll(each -> each.id().equals(letter.id()) ? letter : each);
    }

    @Override
    public ReplayStore replays() {
        return this;
    }

    @Override
    public synchronized int pruneDeadLetters(Instant before) {
        var old = letters.stream()
                .filter(letter -> letter.diedAt().isBefore(before))
                .toList();
        old.forEach(letter -> dropDeadLetter(letter.id()));
        return old.size();
    }

    @Override
    public synchronized JournalPosition deliveredByAll() {
        return opened.stream()
                .flatMap(sink -> Stream.concat(
                        Stream.of(positions.get(sink).upTo()),
                        rowsOf(sink).keySet().stream().map(place -> new JournalPosition(place.value() - 1))))
                .min(Comparator.naturalOrder())
                .orElseGet(this::end);
    }

    @Override
    public InstanceRecord instance() {
        return new InstanceRecord("gw1", "", TestEvents.NOW, true);
    }

    @Override
    public Journal journal() {
        return this;
    }

    /// Returns the number of reads of a lane's deferred rows.
    synchronized int laneReads() {
        return laneReads;
    }

    @Override
    public DeliveryStore deliveries() {
        return this;
    }
}
