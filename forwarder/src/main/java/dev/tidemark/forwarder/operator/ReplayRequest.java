package dev.tidemark.forwarder.operator;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.event.EventTypeCatalog;
import dev.tidemark.store.model.EventSource.OfMailbox;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkReplay;
import java.util.Optional;

/// Operator's request to replay events to a sink.
///
/// @param after position before the first event
/// @param upTo last position; events that the sink has not read yet are always excluded
/// @param type pattern of CloudEvents types; `*` matches any characters
/// @param rate limit of events per second
/// @param dryRun true to count only
public record ReplayRequest(
        JournalPosition after,
        JournalPosition upTo,
        Optional<MailboxId> mailbox,
        Optional<String> type,
        int rate,
        boolean dryRun) {
    /// Events per second, in addition to new events.
    public static final int DEFAULT_RATE = 100;

    public static boolean matches(SinkReplay replay, JournalEvent event) {
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
