package dev.tidemark.store.change;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Change of the store as pure data: a row saved or removed, or events of the journal added or pruned. Rules make
/// changes; an engine stores them, for example by [ChangeCodec], and applies them. [ChangeKey] names their row.
/// Guarantees that its values fit the tables. Applying a change again leaves the same state.
/// Immutable.
public sealed interface Change {
    record JournalAppended(JournalRow row) implements Change {
        public JournalAppended {
            ChangeLimits.bytes(row.body(), ChangeLimits.BODY, "journal row at position " + row.position());
        }
    }

    /// Removal of the journal's events up to position `upTo`.
    record JournalPruned(long upTo) implements Change {}

    record MailboxSaved(MailboxRow row) implements Change {}

    /// Removal of a mailbox for good. Its journaled events stay hidden until retention removes them.
    ///
    /// @param lastPosition position of its last event, which reports that it was forgotten
    /// @param erased true if all other rows of the mailbox are removed
    record MailboxForgotten(MailboxId mailbox, long lastPosition, boolean erased) implements Change {
        public MailboxForgotten asErased() {
            return new MailboxForgotten(mailbox, lastPosition, true);
        }
    }

    /// Identity and state of the store.
    ///
    /// @param tokenKey key of the callback tokens, sealed if the store has a seal key
    /// @param clean true if the store was closed cleanly
    /// @param sequence number of the instance's newest lifecycle event
    record InstanceSaved(String name, String tokenKey, Instant createdAt, boolean clean, long sequence)
            implements Change {
        public InstanceSaved {
            ChangeLimits.text(name, ChangeLimits.NAME, "name of the instance");
            ChangeLimits.text(tokenKey, ChangeLimits.NAME, "token key");
            createdAt = ChangeLimits.stored(createdAt);
        }

        public InstanceSaved withTokenKey(String stored) {
            return new InstanceSaved(name, stored, createdAt, clean, sequence);
        }

        public InstanceSaved withClean(boolean now) {
            return new InstanceSaved(name, tokenKey, createdAt, now, sequence);
        }

        public InstanceSaved withSequence(long newest) {
            return new InstanceSaved(name, tokenKey, createdAt, clean, newest);
        }

        /// Omits the token key.
        @Override
        public String toString() {
            return "InstanceSaved[name=" + name + ", clean=" + clean + ", sequence=" + sequence + "]";
        }
    }

    record FolderStateSaved(MailboxId mailbox, String folder, FolderState state) implements Change {
        public FolderStateSaved {
            ChangeLimits.key(folder, ChangeLimits.TEXT, "id of a folder");
            state = new FolderState(state.state(), ChangeLimits.stored(state.takenAt()), state.complete());
        }
    }

    record FolderStateRemoved(MailboxId mailbox, String folder) implements Change {
        public FolderStateRemoved {
            ChangeLimits.key(folder, ChangeLimits.TEXT, "id of a folder");
        }
    }

    record SinkSaved(SinkName sink, DeliveryPosition position, SinkStatus status) implements Change {
        public SinkSaved {
            ChangeLimits.text(sink.value(), ChangeLimits.NAME, "name of a sink");
            ChangeLimits.bytes(PositionCodec.write(position), ChangeLimits.BODY, "position of sink " + sink);
            var error = status.lastError().map(ChangeLimits::clipped);
            var failingSince = status.failingSince().map(ChangeLimits::stored);
            status = new SinkStatus(failingSince, status.disabled(), status.untilOperator(), error);
        }
    }

    /// Removal of a position and state, because the number of the sink's partitions has changed.
    record SinkRemoved(SinkName sink) implements Change {
        public SinkRemoved {
            ChangeLimits.text(sink.value(), ChangeLimits.NAME, "name of a sink");
        }
    }

    record DeliveryDeferred(DeferredDelivery row) implements Change {
        public DeliveryDeferred {
            ChangeLimits.text(row.sink().value(), ChangeLimits.NAME, "name of a sink");
            ChangeLimits.text(row.lane(), ChangeLimits.NAME, "lane of a deferred event");
            row = row.withError(row.lastError().map(ChangeLimits::clipped))
                    .withTimes(row.firstFailedAt().map(ChangeLimits::stored), ChangeLimits.stored(row.nextAttemptAt()));
        }
    }

    record DeferralRemoved(SinkName sink, JournalPosition position) implements Change {
        public DeferralRemoved {
            ChangeLimits.text(sink.value(), ChangeLimits.NAME, "name of a sink");
        }
    }

    /// Event that a sink did not accept within its schedule.
    ///
    /// @param recalled true if the letter must be sent again
    record DeadLetterSaved(DeadLetter letter, boolean recalled) implements Change {
        public DeadLetterSaved {
            ChangeLimits.text(letter.id(), ChangeLimits.NAME, "id of a dead letter");
            ChangeLimits.text(letter.sink().value(), ChangeLimits.NAME, "name of a sink");
            ChangeLimits.bytes(
                    JournalEntryCodec.writeEvent(letter.event()),
                    ChangeLimits.BODY,
                    "event of dead letter " + letter.id());
            letter = letter.withReason(ChangeLimits.clipped(letter.reason()))
                    .withDiedAt(ChangeLimits.stored(letter.diedAt()));
        }
    }

    record DeadLetterRemoved(String id) implements Change {
        public DeadLetterRemoved {
            ChangeLimits.text(id, ChangeLimits.NAME, "id of a dead letter");
        }
    }

    record DetailSaved(JournalPosition position, ItemDetail detail) implements Change {
        public DetailSaved {
            var what = "detail of the event at position " + position.value();
            ChangeLimits.bytes(ItemDetailCodec.write(detail), ChangeLimits.BODY, what);
        }
    }

    record DetailRemoved(JournalPosition position) implements Change {}

    /// Range of positions in which the events of a group have details.
    ///
    /// @param from position before the first one
    /// @param to last position; empty while the group is configured to fetch details
    record DetailSpanSaved(String group, JournalPosition from, Optional<JournalPosition> to) implements Change {
        public DetailSpanSaved {
            ChangeLimits.text(group, ChangeLimits.NAME, "name of a group");
        }
    }

    /// Removal of the details of events up to `upTo`, and of the spans that end there or before.
    record DetailsPruned(long upTo) implements Change {}

    record MailboxLocationSaved(MailboxId mailbox, MailboxLocationStore.MailboxLocation location) implements Change {
        public MailboxLocationSaved {
            ChangeLimits.text(location.url().toString(), ChangeLimits.URL, "URL of a mailbox's server");
            location.grouping().ifPresent(it -> ChangeLimits.text(it, ChangeLimits.TEXT, "grouping of a mailbox"));
            location = new MailboxLocationStore.MailboxLocation(
                    location.url(), location.grouping(), ChangeLimits.stored(location.takenAt()));
        }
    }

    record MailboxLocationRemoved(MailboxId mailbox) implements Change {}

    record ClockOffsetSaved(String connection, ClockOffset offset) implements Change {
        public ClockOffsetSaved {
            ChangeLimits.text(connection, ChangeLimits.CONNECTION, "name of a connection");
            offset = new ClockOffset(millis(offset.least()), millis(offset.most()));
        }
    }

    /// Lower bound of the lead of Exchange's clock.
    ///
    /// @param ahead time of an event minus that of its receipt, at most two hours old
    record EventTimeSaved(String connection, Duration ahead) implements Change {
        public EventTimeSaved {
            ChangeLimits.text(connection, ChangeLimits.CONNECTION, "name of a connection");
            ahead = millis(ahead);
        }
    }

    record ReplaySaved(SinkReplay replay) implements Change {
        public ReplaySaved {
            ChangeLimits.text(replay.id(), ChangeLimits.NAME, "id of a replay");
            ChangeLimits.text(replay.sink().value(), ChangeLimits.NAME, "name of a sink");
            replay.type().ifPresent(type -> ChangeLimits.text(type, ChangeLimits.TEXT, "event type of a replay"));
            replay = replay.withBegunAt(ChangeLimits.stored(replay.begunAt()));
        }
    }

    record ReplayRemoved(String id) implements Change {
        public ReplayRemoved {
            ChangeLimits.text(id, ChangeLimits.NAME, "id of a replay");
        }
    }

    /// Truncates to milliseconds, the precision of the tables.
    private static Duration millis(Duration exact) {
        try {
            return Duration.ofMillis(exact.toMillis());
        } catch (ArithmeticException e) {
            throw new StoreException("A clock offset of " + exact + " is out of range; this change is refused.", e);
        }
    }
}
