package dev.tidemark.store.rules;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.model.PushDegradation;
import java.time.Instant;
import java.util.Optional;

/// What a mailbox whose push is given up has to know, in few bytes: times are milliseconds since 1970.
///
/// @param at when push was given up; 0 while it works
/// @param since as in [PushDegradation]
/// @param knownFrom the live attempt may repeat what the journal holds beyond this position
/// @param pendingFrom the same of the pending attempt
record DegradationState(long at, long since, long knownFrom, long pendingFrom) {
    static final DegradationState NOT = new DegradationState(0, 0, 0, 0);

    static DegradationState fell(Instant at, Instant since, long knownFrom) {
        return new DegradationState(at.toEpochMilli(), since.toEpochMilli(), knownFrom, knownFrom);
    }

    boolean isSo() {
        return at != 0;
    }

    /// An attempt begins when the journal ends at `position`.
    DegradationState begins(long position) {
        return isSo() ? new DegradationState(at, since, knownFrom, position) : this;
    }

    /// The pending attempt becomes the live one.
    DegradationState lives() {
        return isSo() ? new DegradationState(at, since, pendingFrom, pendingFrom) : this;
    }

    Optional<PushDegradation> shown() {
        return isSo()
                ? Optional.of(new PushDegradation(Instant.ofEpochMilli(at), Instant.ofEpochMilli(since)))
                : Optional.empty();
    }

    /// As it is seen after the clock was set back.
    DegradationState by(ClockRollback hindsight) {
        return shown().map(it -> new DegradationState(
                        hindsight.past(it.at()).toEpochMilli(),
                        hindsight.since(it.since()).toEpochMilli(),
                        knownFrom,
                        pendingFrom))
                .orElse(this);
    }

    void write(BinaryValueWriter out) {
        out.flag(isSo());
        if (isSo()) {
            out.number(at).number(since).number(knownFrom).number(pendingFrom);
        }
    }

    static DegradationState read(BinaryValueReader in) {
        return in.flag() ? new DegradationState(in.number(), in.number(), in.number(), in.number()) : NOT;
    }
}
