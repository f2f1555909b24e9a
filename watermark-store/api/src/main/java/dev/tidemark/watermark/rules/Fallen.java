package dev.tidemark.watermark.rules;

import dev.tidemark.watermark.Degradation;
import dev.tidemark.watermark.change.RowReader;
import dev.tidemark.watermark.change.RowWriter;
import java.time.Instant;
import java.util.Optional;

/// What a mailbox whose push is given up has to know, in few bytes: times are milliseconds since 1970.
///
/// @param at when push was given up; 0 while it works
/// @param since as in [Degradation]
/// @param knownFrom the live attempt may repeat what the journal holds beyond this position
/// @param pendingFrom the same of the pending attempt
record Fallen(long at, long since, long knownFrom, long pendingFrom) {
    static final Fallen NOT = new Fallen(0, 0, 0, 0);

    static Fallen fell(Instant at, Instant since, long knownFrom) {
        return new Fallen(at.toEpochMilli(), since.toEpochMilli(), knownFrom, knownFrom);
    }

    boolean isSo() {
        return at != 0;
    }

    /// An attempt begins when the journal ends at `position`.
    Fallen begins(long position) {
        return isSo() ? new Fallen(at, since, knownFrom, position) : this;
    }

    /// The pending attempt becomes the live one.
    Fallen lives() {
        return isSo() ? new Fallen(at, since, pendingFrom, pendingFrom) : this;
    }

    Optional<Degradation> shown() {
        return isSo()
                ? Optional.of(new Degradation(Instant.ofEpochMilli(at), Instant.ofEpochMilli(since)))
                : Optional.empty();
    }

    /// As it is seen after the clock was set back.
    Fallen by(Hindsight hindsight) {
        return shown().map(it -> new Fallen(
                        hindsight.past(it.at()).toEpochMilli(),
                        hindsight.since(it.since()).toEpochMilli(),
                        knownFrom,
                        pendingFrom))
                .orElse(this);
    }

    void write(RowWriter out) {
        out.flag(isSo());
        if (isSo()) {
            out.number(at).number(since).number(knownFrom).number(pendingFrom);
        }
    }

    static Fallen read(RowReader in) {
        return in.flag() ? new Fallen(in.number(), in.number(), in.number(), in.number()) : NOT;
    }
}
