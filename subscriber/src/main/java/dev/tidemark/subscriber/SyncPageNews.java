package dev.tidemark.subscriber;

import dev.tidemark.ews.message.ItemSummary;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.ews.message.SyncPage.SyncChange;
import dev.tidemark.store.model.RecoveredPage.RecoveredChange;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// News on a page of a folder sync, in the order of the page. `suppressed` counts deletions that may be old.
record SyncPageNews(List<RecoveredChange> found, int suppressed) {
    /// Folders that receive messages only by user action.
    static final Set<String> NEVER_RECEIVING = Set.of("sentitems", "drafts", "outbox");

    /// Time between a modification and a later creation that proves that a clock was set back in between.
    private static final Duration CLOCK_STEP = Duration.ofMinutes(1);

    SyncPageNews {
        found = List.copyOf(found);
    }

    /// Criteria for the news on a page.
    ///
    /// @param requested kinds of change that the group watches
    /// @param takenAt time of the stored sync state at the start of the sync; absent if it started from zero,
    ///     where every item appears as created
    record NewsCriteria(
            Set<ChangeKind> requested, FolderTarget folder, ResyncBaseline baseline, Optional<Instant> takenAt) {
        /// Returns the criteria for a run whose stored state is unusable.
        NewsCriteria fromZero() {
            return new NewsCriteria(requested, folder, baseline, Optional.empty());
        }

        private boolean recognizesDeletions() {
            return baseline.recognizes(takenAt);
        }

        private Instant now() {
            return baseline.now();
        }

        private boolean includes(ChangeKind kind) {
            return requested.contains(kind);
        }

        private boolean isNews(Optional<Instant> time) {
            return time.isPresent() ? !time.get().isBefore(baseline.since()) : takenAt.isPresent();
        }

        private boolean isBorn(Optional<Instant> time) {
            return time.isPresent() ? !time.get().isBefore(baseline.bornSince()) : takenAt.isPresent();
        }
    }

    static SyncPageNews of(SyncPage page, NewsCriteria criteria) {
        var found = new ArrayList<RecoveredChange>();
        var suppressed = 0;
        for (var change : page.changes()) {
            if (change instanceof SyncChange.Deleted
                    && criteria.includes(ChangeKind.DELETED)
                    && !criteria.recognizesDeletions()) {
                suppressed++;
            } else {
                found.addAll(news(change, criteria));
            }
        }
        return new SyncPageNews(found, suppressed);
    }

    private static List<RecoveredChange> news(SyncChange change, NewsCriteria criteria) {
        return switch (change) {
            case SyncChange.Created created -> created(created.item(), criteria);
            case SyncChange.Updated updated -> modified(updated.item(), criteria);
            case SyncChange.ReadFlagChanged flag -> withoutItem(ChangeKind.MODIFIED, flag.id(), criteria);
            case SyncChange.Deleted deleted -> withoutItem(ChangeKind.DELETED, deleted.id(), criteria);
        };
    }

    private static List<RecoveredChange> created(ItemSummary item, NewsCriteria criteria) {
        if (!criteria.isBorn(newest(item))) {
            // a change of an old item is news only if it has a time; a sync from zero reports no updates
            return item.lastModified().isPresent() ? modified(item, criteria) : List.of();
        }
        var found = new ArrayList<RecoveredChange>();
        if (criteria.includes(ChangeKind.CREATED)) {
            found.add(found(ChangeKind.CREATED, item, item.created().or(item::received), criteria));
        }
        if (criteria.includes(ChangeKind.NEW_MAIL) && criteria.folder().receives() && isReceived(item)) {
            found.add(found(ChangeKind.NEW_MAIL, item, item.received(), criteria));
        }
        if (isChangedSince(item)) {
            // counts only if push has reported the creation
            found.addAll(modified(item, criteria));
        }
        return found;
    }

    /// Returns true if the item was modified after its creation, also if Exchange's clock was set back in between. A
    /// difference of a few seconds proves nothing, because Exchange does not set all times of a new item at once.
    private static boolean isChangedSince(ItemSummary item) {
        return item.lastModified()
                .filter(modified -> newest(item).filter(modified::isAfter).isPresent() || isLongBefore(modified, item))
                .isPresent();
    }

    private static boolean isLongBefore(Instant modified, ItemSummary item) {
        return item.created()
                .filter(created -> modified.isBefore(created.minus(CLOCK_STEP)))
                .isPresent();
    }

    private static List<RecoveredChange> modified(ItemSummary item, NewsCriteria criteria) {
        return criteria.includes(ChangeKind.MODIFIED) && criteria.isNews(item.lastModified())
                ? List.of(found(ChangeKind.MODIFIED, item, item.lastModified(), criteria))
                : List.of();
    }

    private static List<RecoveredChange> withoutItem(ChangeKind kind, ItemId id, NewsCriteria criteria) {
        return criteria.includes(kind)
                ? List.of(new RecoveredChange(kind, id, criteria.folder().id(), criteria.now()))
                : List.of();
    }

    private static RecoveredChange found(
            ChangeKind kind, ItemSummary item, Optional<Instant> time, NewsCriteria criteria) {
        return new RecoveredChange(
                kind, item.id(), item.parentFolder().or(criteria.folder()::id), time.orElse(criteria.now()));
    }

    private static Optional<Instant> newest(ItemSummary item) {
        return Stream.of(item.created(), item.received())
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    /// Appointments, contacts and tasks have a time of receipt too, but are not sent.
    private static boolean isReceived(ItemSummary item) {
        return !item.draft()
                && item.received().isPresent()
                && item.itemClass().map(SyncPageNews::isMail).orElse(true);
    }

    private static boolean isMail(String itemClass) {
        return Stream.of("IPM.Note", "IPM.Schedule.Meeting", "REPORT.", "IPM.Sharing")
                .anyMatch(prefix -> itemClass.regionMatches(true, 0, prefix, 0, prefix.length()));
    }
}
