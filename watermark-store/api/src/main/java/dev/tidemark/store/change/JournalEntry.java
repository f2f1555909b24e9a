package dev.tidemark.store.change;

import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Adjacent events of one source in the journal, recorded together.
///
/// @param position position of the first event; the others follow without a gap
/// @param mailbox absent for events of the instance
/// @param back position of the source's newest event before these, 0 if there is none; links a mailbox's events
/// backward
/// @param firstSequence sequence number of the first event; the others follow without a gap
/// @param push data for the chain, if a callback brought the events
public record JournalEntry(
        long position,
        Optional<MailboxRef> mailbox,
        long back,
        long firstSequence,
        Optional<ChainData> push,
        List<EventDraft> drafts) {
    public JournalEntry {
        drafts = List.copyOf(drafts);
    }

    /// Callback that brought the events.
    ///
    /// @param chained true if nothing is missing before the events
    /// @param closing false for all but the last entry of a notification too long for one entry
    /// @param before position of the mailbox's newest event before the notification
    public record ChainData(
            long attempt,
            boolean chained,
            boolean closing,
            Optional<Watermark> previous,
            Optional<Watermark> last,
            Instant receivedAt,
            long before) {}

    public long end() {
        return position + drafts.size() - 1;
    }

    public boolean holds(long place) {
        return position <= place && place <= end();
    }

    public boolean of(MailboxId id) {
        return mailbox.filter(ref -> ref.id().equals(id)).isPresent();
    }

    public EventSource source() {
        return mailbox.<EventSource>map(ref -> new EventSource.OfMailbox(ref.id()))
                .orElseGet(EventSource.OfInstance::new);
    }

    public JournalEvent event(int index, Instant recordedAt) {
        var draft = drafts.get(index);
        return new JournalEvent(
                new JournalPosition(position + index),
                draft.key().id(),
                source(),
                firstSequence + index,
                draft.type(),
                draft.time(),
                recordedAt,
                draft.origin(),
                draft.data());
    }
}
