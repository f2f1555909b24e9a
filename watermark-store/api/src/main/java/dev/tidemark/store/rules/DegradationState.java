package dev.tidemark.store.rules;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.model.PushDegradation;
import java.time.Instant;
import java.util.Optional;

/// State of a mailbox with degraded push, in few bytes: times are milliseconds since 1970. Immutable.
///
/// @param at time at which push was marked as degraded; 0 while it works
/// @param since as in [PushDegradation]
/// @param knownFrom position in the journal beyond which the live attempt may repeat events
/// @param pendingFrom the same for the pending attempt
record DegradationState(long at, long since, long knownFrom, long pendingFrom) {
    static final DegradationState NONE = new DegradationState(0, 0, 0, 0);

    static DegradationState of(Instant at, Instant since, long knownFrom) {
        return new DegradationState(at.toEpochMilli(), since.toEpochMilli(), knownFrom, knownFrom);
    }

    boolean isDegraded() {
        return at != 0;
    }

    /// Records that an attempt begins with the journal's end at `position`.
    DegradationState withPendingAttempt(long position) {
        return isDegraded() ? new DegradationState(at, since, knownFrom, position) : this;
    }

    /// Makes the pending attempt the live one.
    DegradationState withPendingLive() {
        return isDegraded() ? new DegradationState(at, since, pendingFrom, pendingFrom) : this;
    }

    Optional<PushDegradation> toPushDegradation() {
        return isDegraded()
                ? Optional.of(new PushDegradation(Instant.ofEpochMilli(at), Instant.ofEpochMilli(since)))
                : Optional.empty();
    }

    /// Returns the state with corrected times, after the clock was set back.
    DegradationState correctedFor(ClockRollback rollback) {
        return toPushDegradation()
                .map(it -> new DegradationState(
                        rollback.correctPast(it.at()).toEpochMilli(),
                        rollback.correctSince(it.since()).toEpochMilli(),
                        knownFrom,
                        pendingFrom))
                .orElse(this);
    }

    void write(BinaryValueWriter out) {
        out.flag(isDegraded());
        if (isDegraded()) {
            out.number(at).number(since).number(knownFrom).number(pendingFrom);
        }
    }

    static DegradationState read(BinaryValueReader in) {
        return in.flag() ? new DegradationState(in.number(), in.number(), in.number(), in.number()) : NONE;
    }
}
