package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.ItemSummary;
import dev.tidemark.ews.message.SyncChange;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.store.model.RecoveredPage.RecoveredChange;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What of a page of a folder's synchronisation is news, in the order of the page. `suppressed` counts the
/// deletions that cannot be told from old ones.
record SyncPageNews(List<RecoveredChange> found, int suppressed) {
    /// Folders that messages get into by their owner's hand only.
    static final Set<String> NEVER_RECEIVING = Set.of("sentitems", "drafts", "outbox");

    SyncPageNews {
        found = List.copyOf(found);
    }

    /// What to judge a page by.
    ///
    /// @param takenAt when the stored state was taken that the synchronisation started from; absent if it
    ///     started from zero, where everything there appears as created
    record NewsCriteria(
            Set<ChangeKind> asked, FolderTarget folder, ResyncBaseline baseline, Optional<Instant> takenAt) {
        /// The same for a run whose stored state turned out to be worthless.
        NewsCriteria fromZero() {
            return new NewsCriteria(asked, folder, baseline, Optional.empty());
        }

        private boolean recognizesDeletions() {
            return baseline.recognizes(takenAt);
        }

        private Instant now() {
            return baseline.now();
        }

        private boolean includes(ChangeKind kind) {
            return asked.contains(kind);
        }

        private boolean isNews(Optional<Instant> moment) {
            return moment.isPresent() ? !moment.get().isBefore(baseline.since()) : takenAt.isPresent();
        }

        private boolean isBorn(Optional<Instant> moment) {
            return moment.isPresent() ? !moment.get().isBefore(baseline.bornSince()) : takenAt.isPresent();
        }
    }

    static SyncPageNews of(SyncPage page, NewsCriteria measure) {
        var found = new ArrayList<RecoveredChange>();
        var suppressed = 0;
        for (var change : page.changes()) {
            if (change instanceof SyncChange.Deleted
                    && measure.includes(ChangeKind.DELETED)
                    && !measure.recognizesDeletions()) {
                suppressed++;
            } else {
                found.addAll(news(change, measure));
            }
        }
        return new SyncPageNews(found, suppressed);
    }

    private static List<RecoveredChange> news(SyncChange change, NewsCriteria measure) {
        return switch (change) {
            case SyncChange.Created created -> created(created.item(), measure);
            case SyncChange.Updated updated -> modified(updated.item(), measure);
            case SyncChange.ReadFlagChanged flag -> withoutItem(ChangeKind.MODIFIED, flag.id(), measure);
            case SyncChange.Deleted deleted -> withoutItem(ChangeKind.DELETED, deleted.id(), measure);
        };
    }

    private static List<RecoveredChange> created(ItemSummary item, NewsCriteria measure) {
        if (!measure.isBorn(newest(item))) {
            // a change of an old item is news all the same, only where it says when; zero knows no updates
            return item.lastModified().isPresent() ? modified(item, measure) : List.of();
        }
        var found = new ArrayList<RecoveredChange>();
        if (measure.includes(ChangeKind.CREATED)) {
            found.add(found(ChangeKind.CREATED, item, item.created().or(item::received), measure));
        }
        if (measure.includes(ChangeKind.NEW_MAIL) && measure.folder().receives() && isReceived(item)) {
            found.add(found(ChangeKind.NEW_MAIL, item, item.received(), measure));
        }
        if (isChangedSince(item)) {
            // counts only where push has told of the creation already
            found.addAll(modified(item, measure));
        }
        return found;
    }

    private static boolean isChangedSince(ItemSummary item) {
        return item.lastModified()
                .filter(modified -> newest(item).filter(modified::isAfter).isPresent())
                .isPresent();
    }

    private static List<RecoveredChange> modified(ItemSummary item, NewsCriteria measure) {
        return measure.includes(ChangeKind.MODIFIED) && measure.isNews(item.lastModified())
                ? List.of(found(ChangeKind.MODIFIED, item, item.lastModified(), measure))
                : List.of();
    }

    private static List<RecoveredChange> withoutItem(ChangeKind kind, ItemId id, NewsCriteria measure) {
        return measure.includes(kind)
                ? List.of(new RecoveredChange(kind, id, measure.folder().id(), measure.now()))
                : List.of();
    }

    private static RecoveredChange found(
            ChangeKind kind, ItemSummary item, Optional<Instant> time, NewsCriteria measure) {
        return new RecoveredChange(
                kind, item.id(), item.parentFolder().or(measure.folder()::id), time.orElse(measure.now()));
    }

    private static Optional<Instant> newest(ItemSummary item) {
        return Stream.of(item.created(), item.received())
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    /// Appointments, contacts and tasks carry a time of receipt too, but nobody sent them.
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
