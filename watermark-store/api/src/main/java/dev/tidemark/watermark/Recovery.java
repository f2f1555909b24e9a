package dev.tidemark.watermark;

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
public record Recovery(
        MailboxId mailbox, Origin origin, List<Found> changes, String folder, SyncState next, boolean complete) {
    public Recovery {
        changes = List.copyOf(changes);
    }

    /// A change that was found by looking. `time` is the event's time.
    public record Found(ChangeKind kind, ObjectId target, Optional<FolderId> parentFolder, Instant time) {}

    /// How many of a page's changes were news.
    public record Count(int created, int modified, int deleted, int duplicatesSuppressed) {
        public static final Count NONE = new Count(0, 0, 0, 0);

        /// One change that was known already.
        public static final Count KNOWN = new Count(0, 0, 0, 1);

        /// Counts one change of this kind that was news.
        public static Count one(ChangeKind kind) {
            return switch (kind) {
                case NEW_MAIL, CREATED, COPIED -> new Count(1, 0, 0, 0);
                case MODIFIED, MOVED, FREE_BUSY_CHANGED -> new Count(0, 1, 0, 0);
                case DELETED -> new Count(0, 0, 1, 0);
            };
        }

        /// In words, for logs.
        @Override
        public String toString() {
            return created + " created, " + modified + " modified, " + deleted + " deleted, " + duplicatesSuppressed
                    + " known already";
        }

        public Count plus(Count other) {
            return new Count(
                    created + other.created,
                    modified + other.modified,
                    deleted + other.deleted,
                    duplicatesSuppressed + other.duplicatesSuppressed);
        }
    }
}
