package dev.tidemark.store.model;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SyncState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One page of a folder's sync, stored as a whole: its news and the state to continue from.
///
/// @param folder stable name of the folder within the mailbox, for example `inbox` or its id
/// @param complete true if this page reaches the end of the folder
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

    /// Change found by a sync or poll. `time` is the event's time.
    public record RecoveredChange(ChangeKind kind, ObjectId target, Optional<FolderId> parentFolder, Instant time) {}

    /// Counts of a page's new changes, by kind, and of its duplicates.
    public record RecoveryCounts(int created, int modified, int deleted, int duplicatesSuppressed) {
        public static final RecoveryCounts NONE = new RecoveryCounts(0, 0, 0, 0);

        /// One change that was already known.
        public static final RecoveryCounts KNOWN = new RecoveryCounts(0, 0, 0, 1);

        /// Returns the count of one new change of this kind.
        public static RecoveryCounts one(ChangeKind kind) {
            return switch (kind) {
                case NEW_MAIL, CREATED, COPIED -> new RecoveryCounts(1, 0, 0, 0);
                case MODIFIED, MOVED, FREE_BUSY_CHANGED -> new RecoveryCounts(0, 1, 0, 0);
                case DELETED -> new RecoveryCounts(0, 0, 1, 0);
            };
        }

        /// Describes the counts in words, for logs.
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
