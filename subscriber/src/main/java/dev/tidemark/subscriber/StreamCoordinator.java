package dev.tidemark.subscriber;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.config.StreamConfig;
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

/// Recovers events of mailboxes whose push does not work by streams, each for up to 200 mailboxes of one group.
/// A scheduler calls [#tick] every few seconds, on one thread at a time; any thread calls [#watch].
public final class StreamCoordinator {
    /// Job of a mailbox on a stream, and the connection for it.
    public record Assignment(MailboxJob job, String connection) {
        StreamGroup group() {
            return StreamGroup.of(connection, job.gate().location(job.address()));
        }
    }

    /// Returns the assignment of a mailbox that may be streamed. Called by the thread of [#tick].
    @FunctionalInterface
    public interface AssignmentLookup {
        Optional<Assignment> find(MailboxId mailbox);
    }

    /// Polls a mailbox for changes that no stream reported. Called by the threads that fill gaps.
    @FunctionalInterface
    public interface MailboxPoller {
        PollResult poll(MailboxId mailbox);
    }

    /// Receives mailboxes whose push works again. Called by the thread of [#tick].
    @FunctionalInterface
    public interface PushRestoredListener {
        void onPushRestored(String connection, MailboxId mailbox);
    }

    /// Parts of the subscriber that streams share.
    public record Dependencies(
            WatermarkStore store,
            AssignmentLookup assignments,
            MailboxPoller poller,
            SubscriptionRetryPolicy retryPolicy,
            FolderResolver resolver,
            Executor executor,
            Clock clock) {}

    private final StreamConfig config;
    private final Dependencies dependencies;
    private final PushRestoredListener restored;
    private final StreamStats stats = new StreamStats();
    private final Queue<MailboxId> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<MailboxId, StreamWorker> workers = new HashMap<>();
    private final Set<MailboxId> separate = new HashSet<>();
    private final Map<String, Connection> connections = new HashMap<>();
    private volatile boolean stopped;

    /// Streams of one connection.
    private record Connection(
            AdaptiveStreamDuration duration, StreamAnchorRegistry anchors, List<StreamWorker> workers) {}

    /// Creates a coordinator without streams.
    ///
    /// @param restored listener for mailboxes whose push works again
    public StreamCoordinator(StreamConfig config, Dependencies dependencies, PushRestoredListener restored) {
        this.config = config;
        this.dependencies = dependencies;
        this.restored = restored;
    }

    /// Adds a mailbox if its push does not work. Retries at once if the mailbox was added before but could not
    /// be subscribed.
    public void watch(MailboxId mailbox) {
        arrivals.add(mailbox);
    }

    public StreamCounters counters() {
        return stats.snapshot();
    }

    /// Assigns new mailboxes to streams, removes those whose push works again, and detects silent streams.
    public void tick() {
        if (stopped) {
            return;
        }
        removeRestored();
        assignArrivals();
        for (var connection : connections.values()) {
            connection.workers().forEach(StreamWorker::check);
            connection.workers().removeIf(StreamWorker::isEnded);
        }
        stats.setLevels(
                workers.size(),
                connections.values().stream()
                        .flatMap(connection -> connection.workers().stream())
                        .mapToInt(worker -> worker.isOpen() ? 1 : 0)
                        .sum());
    }

    /// Closes all streams and opens no others.
    public void stop() {
        stopped = true;
        connections.values().forEach(connection -> connection.workers().forEach(StreamWorker::stop));
    }

    private void removeRestored() {
        for (var entry : List.copyOf(workers.entrySet())) {
            var id = entry.getKey();
            var mailbox = dependencies.store().mailboxes().find(id);
            var assignment = dependencies.assignments().find(id);
            if (mailbox.filter(each -> each.degraded().isPresent()).isEmpty() || assignment.isEmpty()) {
                remove(id, entry.getValue());
                separate.remove(id);
                if (mailbox.isPresent()) {
                    assignment.ifPresent(each -> restored.onPushRestored(each.connection(), id));
                }
            } else {
                reassign(id, assignment.get(), entry.getValue());
            }
        }
    }

    /// Moves the mailbox to another stream if another server serves it.
    private void reassign(MailboxId id, Assignment assignment, StreamWorker worker) {
        if (worker.needsOtherServer(id)) {
            separate.add(id);
        }
        if (group(assignment).isSeparateFrom(worker.group())) {
            remove(id, worker);
            arrivals.add(id);
        }
    }

    /// Returns the group of a mailbox. Without a location by autodiscover, a mailbox that no server accepted
    /// together with others is a group of its own.
    private StreamGroup group(Assignment assignment) {
        var group = assignment.group();
        var id = assignment.job().id();
        return group.url().isEmpty() && separate.contains(id) ? group.forSingleMailbox(id) : group;
    }

    private void remove(MailboxId id, StreamWorker worker) {
        workers.remove(id);
        worker.remove(id);
    }

    private void assignArrivals() {
        var added = new HashMap<StreamGroup, List<MailboxJob>>();
        for (var id = arrivals.poll(); id != null; id = arrivals.poll()) {
            var worker = Optional.ofNullable(workers.get(id));
            if (worker.isPresent()) {
                worker.get().retryNow(id);
            } else if (isDegraded(id)) {
                dependencies
                        .assignments()
                        .find(id)
                        .ifPresent(assignment -> added.computeIfAbsent(group(assignment), ignored -> new ArrayList<>())
                                .add(assignment.job()));
            }
        }
        added.forEach((group, jobs) -> addToWorkers(connection(group.connection()), group, jobs));
    }

    private boolean isDegraded(MailboxId id) {
        return dependencies
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
        var remaining = jobs;
        while (!remaining.isEmpty()) {
            var worker = connection.workers().stream()
                    .filter(each -> each.group().equals(group) && each.freeSlots() > 0)
                    .findFirst()
                    .orElseGet(() -> createWorker(connection, group));
            var batch = remaining.subList(0, Math.min(worker.freeSlots(), remaining.size()));
            batch.forEach(job -> workers.put(job.id(), worker));
            worker.add(batch);
            remaining = remaining.subList(batch.size(), remaining.size());
        }
    }

    private StreamWorker createWorker(Connection connection, StreamGroup group) {
        var worker = new StreamWorker(group, connection.duration(), connection.anchors(), dependencies, stats);
        connection.workers().add(worker);
        return worker;
    }
}
