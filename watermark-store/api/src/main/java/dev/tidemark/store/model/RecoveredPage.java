package dev.tidemark.store.model;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SyncState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One page of a folder's synchronisation, to be stored whole: its news, and the state to go on from.
///
/// @param folder a stable name of the folder within the mailbox, e.g. `inbox` or its id
/// @param complete whether the folder has been read to its end with this page
public record RecoveredPage(
        MailboxId mailbox,
        EventOrigin origin,
        List<RecoveredChange> changes,
        String folder,
        SyncState next,
        boolean complete) {
    public RecoveredPage {
        changes = List.copyOf(changes);
    }

    /// A change that was found by looking. `time` is the event's time.
    public record RecoveredChange(ChangeKind kind, ObjectId target, Optional<FolderId> parentFolder, Instant time) {}

    /// How many of a page's changes were news.
    public record RecoveryCounts(int created, int modified, int deleted, int duplicatesSuppressed) {
        public static final RecoveryCounts NONE = new RecoveryCounts(0, 0, 0, 0);

        /// One change that was known already.
        public static final RecoveryCounts KNOWN = new RecoveryCounts(0, 0, 0, 1);

        /// Counts one change of this kind that was news.
        public static RecoveryCounts one(ChangeKind kind) {
            return switch (kind) {
                case NEW_MAIL, CREATED, COPIED -> new RecoveryCounts(1, 0, 0, 0);
                case MODIFIED, MOVED, FREE_BUSY_CHANGED -> new RecoveryCounts(0, 1, 0, 0);
                case DELETED -> new RecoveryCounts(0, 0, 1, 0);
            };
        }

        /// In words, for logs.
        @Override
        public String toString() {
            return created + " created, " + modified + " modified, " + deleted + " deleted, " + duplicatesSuppressed
                    + " known already";
        }

        public RecoveryCounts plus(RecoveryCounts other) {
            return new RecoveryCounts(
                    created + other.created,
                    modified + other.modified,
                    deleted + other.deleted,
                    duplicatesSuppressed + other.duplicatesSuppressed);
        }
    }
}
