package dev.tidemark.subscriber;

import dev.tidemark.ews.ChangeKind;
import dev.tidemark.ews.FolderId;
import dev.tidemark.ews.FolderRef;
import dev.tidemark.ews.ItemId;
import dev.tidemark.ews.ItemSummary;
import dev.tidemark.ews.SyncChange;
import dev.tidemark.ews.SyncPage;
import dev.tidemark.watermark.Recovery.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What of a page of a folder's synchronisation is news, in the order of the page. `suppressed` counts the
/// deletions that cannot be told from old ones.
record Announcement(List<Found> found, int suppressed) {
    /// Folders that messages get into by their owner's hand only.
    private static final Set<String> NEVER_RECEIVING = Set.of("sentitems", "drafts", "outbox");

    Announcement {
        found = List.copyOf(found);
    }

    /// What to judge a page by.
    ///
    /// @param since changes before this moment, on Exchange's clock, are not news
    /// @param stateAge how old the stored state is that the synchronisation started from; absent if it
    ///     started
    ///     from zero, where every item there is appears as created
    /// @param retention how long the journal recognises a deletion that push has reported
    /// @param now the time of what carries none
    record Measure(
            Set<ChangeKind> asked,
            FolderRef folder,
            Instant since,
            Optional<Duration> stateAge,
            Duration retention,
            Instant now) {
        /// The same for a run whose stored state turned out to be worthless.
        Measure fromZero() {
            return new Measure(asked, folder, since, Optional.empty(), retention, now);
        }

        private boolean tellsDeletions() {
            return stateAge.filter(age -> age.compareTo(retention) < 0).isPresent();
        }

        private boolean receives() {
            return !(folder instanceof FolderRef.Distinguished named && NEVER_RECEIVING.contains(named.name()));
        }

        private Optional<FolderId> folderId() {
            return folder instanceof FolderRef.ById byId ? Optional.of(byId.id()) : Optional.empty();
        }

        private boolean wants(ChangeKind kind) {
            return asked.contains(kind);
        }

        private boolean isNews(Optional<Instant> moment) {
            return moment.isPresent() ? !moment.get().isBefore(since) : stateAge.isPresent();
        }
    }

    static Announcement of(SyncPage page, Measure measure) {
        var found = new ArrayList<Found>();
        var suppressed = 0;
        for (var change : page.changes()) {
            if (change instanceof SyncChange.Deleted
                    && measure.wants(ChangeKind.DELETED)
                    && !measure.tellsDeletions()) {
                suppressed++;
            } else {
                found.addAll(news(change, measure));
            }
        }
        return new Announcement(found, suppressed);
    }

    private static List<Found> news(SyncChange change, Measure measure) {
        return switch (change) {
            case SyncChange.Created created -> created(created.item(), measure);
            case SyncChange.Updated updated -> modified(updated.item(), measure);
            case SyncChange.ReadFlagChanged flag -> bare(ChangeKind.MODIFIED, flag.id(), measure);
            case SyncChange.Deleted deleted -> bare(ChangeKind.DELETED, deleted.id(), measure);
        };
    }

    private static List<Found> created(ItemSummary item, Measure measure) {
        if (!measure.isNews(newest(item))) {
            // a change of an old item is news all the same, only where it says when; zero knows no updates
            return item.lastModified().isPresent() ? modified(item, measure) : List.of();
        }
        var found = new ArrayList<Found>();
        if (measure.wants(ChangeKind.CREATED)) {
            found.add(found(ChangeKind.CREATED, item, item.created().or(item::received), measure));
        }
        if (measure.wants(ChangeKind.NEW_MAIL) && measure.receives() && isReceived(item)) {
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

    private static List<Found> modified(ItemSummary item, Measure measure) {
        return measure.wants(ChangeKind.MODIFIED) && measure.isNews(item.lastModified())
                ? List.of(found(ChangeKind.MODIFIED, item, item.lastModified(), measure))
                : List.of();
    }

    private static List<Found> bare(ChangeKind kind, ItemId id, Measure measure) {
        return measure.wants(kind) ? List.of(new Found(kind, id, measure.folderId(), measure.now())) : List.of();
    }

    private static Found found(ChangeKind kind, ItemSummary item, Optional<Instant> time, Measure measure) {
        return new Found(kind, item.id(), item.parentFolder().or(measure::folderId), time.orElse(measure.now()));
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
                && item.itemClass().map(Announcement::isMail).orElse(true);
    }

    private static boolean isMail(String itemClass) {
        return Stream.of("IPM.Note", "IPM.Schedule.Meeting", "REPORT.", "IPM.Sharing")
                .anyMatch(prefix -> itemClass.regionMatches(true, 0, prefix, 0, prefix.length()));
    }
}
