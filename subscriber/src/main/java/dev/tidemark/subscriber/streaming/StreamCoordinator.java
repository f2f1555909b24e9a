package dev.tidemark.subscriber.streaming;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.resync.FolderResolver;
import dev.tidemark.subscriber.resync.MailboxJob;
import dev.tidemark.subscriber.resync.PollResult;
import dev.tidemark.subscriber.resync.SubscriptionRetryPolicy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Looks after mailboxes whose push does not work by streams, up to 200 mailboxes of one group each. [#tick]
/// is called by one thread at a time, every few seconds; [#watch] by any.
public final class StreamCoordinator {
    /// Whose mailbox, by which way, and together with whom.
    public record Assignment(MailboxJob job, String connection) {
        StreamGroup group() {
            return StreamGroup.of(connection, job.gate().location(job.address()));
        }
    }

    /// What streams share.
    public record Dependencies(
            WatermarkStore store,
            Function<MailboxId, Optional<Assignment>> seats,
            Function<MailboxId, PollResult> look,
            SubscriptionRetryPolicy setbacks,
            FolderResolver finder,
            Executor executor,
            Clock clock) {}

    private final StreamConfig config;
    private final Dependencies surroundings;
    private final BiConsumer<String, MailboxId> restored;
    private final StreamStats tally = new StreamStats();
    private final Queue<MailboxId> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<MailboxId, StreamWorker> lineOf = new HashMap<>();
    private final Set<MailboxId> apart = new HashSet<>();
    private final Map<String, Connection> connections = new HashMap<>();
    private volatile boolean stopped;

    /// The streams through one network to one organisation.
    private record Connection(AdaptiveStreamDuration length, StreamAnchorRegistry anchors, List<StreamWorker> lines) {}

    /// @param restored is told the connection and the mailbox when push is back
    public StreamCoordinator(StreamConfig config, Dependencies surroundings, BiConsumer<String, MailboxId> restored) {
        this.config = config;
        this.surroundings = surroundings;
        this.restored = restored;
    }

    /// Takes a mailbox on, if its push does not work. One that has been taken on, but could not be
    /// subscribed, is tried again now.
    public void watch(MailboxId mailbox) {
        arrivals.add(mailbox);
    }

    public StreamCounters counters() {
        return tally.snapshot();
    }

    /// Seats those who came, sends those home whose push is back, and notices streams that fell silent.
    public void tick() {
        if (stopped) {
            return;
        }
        removeRestored();
        assignArrivals();
        for (var connection : connections.values()) {
            connection.lines().forEach(StreamWorker::check);
            connection.lines().removeIf(StreamWorker::isEnded);
        }
        tally.setLevels(
                lineOf.size(),
                connections.values().stream()
                        .flatMap(connection -> connection.lines().stream())
                        .mapToInt(line -> line.isOpen() ? 1 : 0)
                        .sum());
    }

    /// Closes all streams; nothing is opened any more.
    public void stop() {
        stopped = true;
        connections.values().forEach(connection -> connection.lines().forEach(StreamWorker::stop));
    }

    private void removeRestored() {
        for (var entry : List.copyOf(lineOf.entrySet())) {
            var id = entry.getKey();
            var mailbox = surroundings.store().mailboxes().find(id);
            var seat = surroundings.seats().apply(id);
            if (mailbox.filter(each -> each.degraded().isPresent()).isEmpty() || seat.isEmpty()) {
                remove(id, entry.getValue());
                apart.remove(id);
                if (mailbox.isPresent()) {
                    seat.ifPresent(left -> restored.accept(left.connection(), id));
                }
            } else {
                reassign(id, seat.get(), entry.getValue());
            }
        }
    }

    /// It is served elsewhere now, or was all along.
    private void reassign(MailboxId id, Assignment seat, StreamWorker line) {
        if (line.needsOtherServer(id)) {
            apart.add(id);
        }
        if (group(seat).isSeparateFrom(line.group())) {
            remove(id, line);
            arrivals.add(id);
        }
    }

    /// Where autodiscover says nothing, a mailbox that no server took together with others is by itself.
    private StreamGroup group(Assignment seat) {
        var group = seat.group();
        var id = seat.job().id();
        return group.url().isEmpty() && apart.contains(id) ? group.forSingleMailbox(id) : group;
    }

    private void remove(MailboxId id, StreamWorker line) {
        lineOf.remove(id);
        line.remove(id);
    }

    private void assignArrivals() {
        var newcomers = new HashMap<StreamGroup, List<MailboxJob>>();
        for (var id = arrivals.poll(); id != null; id = arrivals.poll()) {
            var line = Optional.ofNullable(lineOf.get(id));
            if (line.isPresent()) {
                line.get().retryNow(id);
            } else if (isDegraded(id)) {
                surroundings
                        .seats()
                        .apply(id)
                        .ifPresent(seat -> newcomers
                                .computeIfAbsent(group(seat), ignored -> new ArrayList<>())
                                .add(seat.job()));
            }
        }
        newcomers.forEach((group, jobs) -> addToWorkers(connection(group.connection()), group, jobs));
    }

    private boolean isDegraded(MailboxId id) {
        return surroundings
                .store()
                .mailboxes()
                .find(id)
                .filter(each -> each.degraded().isPresent())
                .isPresent();
    }

    private Connection connection(String name) {
        return connections.computeIfAbsent(
                name,
                ignored -> new Connection(
                        new AdaptiveStreamDuration(config),
                        new StreamAnchorRegistry(config.maxConnections()),
                        new ArrayList<>()));
    }

    private void addToWorkers(Connection connection, StreamGroup group, List<MailboxJob> jobs) {
        var left = jobs;
        while (!left.isEmpty()) {
            var line = connection.lines().stream()
                    .filter(each -> each.group().equals(group) && each.freeSlots() > 0)
                    .findFirst()
                    .orElseGet(() -> createWorker(connection, group));
            var some = left.subList(0, Math.min(line.freeSlots(), left.size()));
            some.forEach(job -> lineOf.put(job.id(), line));
            line.add(some);
            left = left.subList(some.size(), left.size());
        }
    }

    private StreamWorker createWorker(Connection connection, StreamGroup group) {
        var line = new StreamWorker(group, connection.length(), connection.anchors(), surroundings, tally);
        connection.lines().add(line);
        return line;
    }
}
