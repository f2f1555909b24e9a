package dev.tidemark.subscriber;

import dev.tidemark.store.Journal;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.ResyncProgress.ResyncCounters;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// Tracks the resyncs and snapshots that are in progress or interrupted, with their counts since the beginning.
/// Thread-safe; one thread at a time per mailbox.
final class ResyncTracker {
    /// Limit of journal entries read to restore the counts of a resync after a restart.
    private static final int MAX_ENTRIES = 20_000;

    private static final Set<EventOrigin> RESYNC_ORIGINS = EnumSet.of(EventOrigin.RESYNC, EventOrigin.SNAPSHOT);

    private final Journal journal;
    private final Map<MailboxId, ResyncProgress> runs = new ConcurrentHashMap<>();
    private final LongAdder pages = new LongAdder();
    private final LongAdder changes = new LongAdder();

    public ResyncTracker(Journal journal) {
        this.journal = journal;
    }

    /// Begins a run, or resumes an interrupted one.
    ResyncProgress begin(MailboxId mailbox, Instant now) {
        var before = Optional.ofNullable(runs.get(mailbox));
        var run =
                before.map(ResyncProgress::resumed).orElseGet(() -> ResyncProgress.started(now, foundBefore(mailbox)));
        runs.put(mailbox, run);
        return run;
    }

    /// Sets the number of folders of the run.
    void setFolderCount(MailboxId mailbox, int folders) {
        runs.computeIfPresent(mailbox, (id, run) -> run.withFolders(folders));
    }

    void recordPage(MailboxId mailbox, int more, RecoveredPage.RecoveryCounts news) {
        pages.increment();
        changes.add(more);
        runs.computeIfPresent(mailbox, (id, run) -> run.withPage(more, news));
    }

    void recordFolderRead(MailboxId mailbox) {
        runs.computeIfPresent(mailbox, (id, run) -> run.withFolderRead());
    }

    public Optional<ResyncProgress> find(MailboxId mailbox) {
        return Optional.ofNullable(runs.get(mailbox));
    }

    /// Returns at most `limit` runs, the oldest first.
    public Map<MailboxId, ResyncProgress> longest(int limit) {
        var oldest = new LinkedHashMap<MailboxId, ResyncProgress>();
        runs.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.comparing(ResyncProgress::startedAt)))
                .limit(limit)
                .forEach(each -> oldest.put(each.getKey(), each.getValue()));
        return oldest;
    }

    /// Returns the run as it was at its end.
    Optional<ResyncProgress> end(MailboxId mailbox) {
        return Optional.ofNullable(runs.remove(mailbox));
    }

    public ResyncCounters counters() {
        return new ResyncCounters(runs.size(), pages.sum(), changes.sum());
    }

    /// Restores the counts since the mailbox was subscribed for this resync, or since the end of the one before.
    /// Suppressed changes are not restored.
    private RecoveredPage.RecoveryCounts foundBefore(MailboxId mailbox) {
        var found = new AtomicReference<>(RecoveredPage.RecoveryCounts.NONE);
        var start = journal.newest(
                mailbox,
                event -> {
                    found.updateAndGet(count -> plus(count, event));
                    return event.data() instanceof EventData.Lifecycle;
                },
                1,
                MAX_ENTRIES);
        return start.isEmpty() ? RecoveredPage.RecoveryCounts.NONE : found.get();
    }

    private static RecoveredPage.RecoveryCounts plus(RecoveredPage.RecoveryCounts found, JournalEvent event) {
        if (event.origin().filter(RESYNC_ORIGINS::contains).isEmpty()
                || !(event.data() instanceof EventData.Change change)) {
            return found;
        }
        return switch (change.kind()) {
            case NEW_MAIL, CREATED, COPIED -> found.plus(new RecoveredPage.RecoveryCounts(1, 0, 0, 0));
            case MODIFIED, MOVED, FREE_BUSY_CHANGED -> found.plus(new RecoveredPage.RecoveryCounts(0, 1, 0, 0));
            case DELETED -> found.plus(new RecoveredPage.RecoveryCounts(0, 0, 1, 0));
        };
    }
}
