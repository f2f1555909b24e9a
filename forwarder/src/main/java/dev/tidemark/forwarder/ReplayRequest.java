package dev.tidemark.forwarder;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.event.EventTypeCatalog;
import dev.tidemark.store.model.EventSource.OfMailbox;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkReplay;
import java.util.Optional;

/// What an operator asks a sink to get once more.
///
/// @param after the position before the first event
/// @param upTo the last position; what the sink has not had yet is left out in any case
/// @param type pattern of CloudEvents types, `*` for any characters
/// @param rate events a second at most
/// @param dryRun only count
public record ReplayRequest(
        JournalPosition after,
        JournalPosition upTo,
        Optional<MailboxId> mailbox,
        Optional<String> type,
        int rate,
        boolean dryRun) {
    /// Events a second beside what is new.
    public static final int DEFAULT_RATE = 100;

    static boolean matches(SinkReplay replay, JournalEvent event) {
        return replay.mailbox()
                        .filter(id -> !event.source().equals(new OfMailbox(id)))
                        .isEmpty()
                && replay.type()
                        .filter(glob -> !EventTypeCatalog.pattern(glob)
                                .matcher(CloudEventRenderer.typeOf(event))
                                .matches())
                        .isEmpty();
    }
}
