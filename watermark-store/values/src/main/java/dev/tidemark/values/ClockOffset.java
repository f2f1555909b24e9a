package dev.tidemark.values;

import java.time.Duration;

/// Offset of Exchange's clock from Tidemark's; negative if it is behind. A range, because servers of one
/// organization may disagree.
public record ClockOffset(Duration least, Duration most) {
    public static final ClockOffset NONE = new ClockOffset(Duration.ZERO, Duration.ZERO);

    /// Returns the range that covers both.
    public ClockOffset union(ClockOffset other) {
        return new ClockOffset(
                least.compareTo(other.least) < 0 ? least : other.least,
                most.compareTo(other.most) > 0 ? most : other.most);
    }

    /// Returns the range, widened to the lower bound of another clock's offset if that lies more than
    /// `tolerance` outside. Below the range, the clock may be as far behind; above it, the clock is at least as
    /// far ahead.
    public ClockOffset widenedTo(Duration bound, Duration tolerance) {
        return bound.plus(tolerance).compareTo(least) < 0
                        || bound.minus(tolerance).compareTo(most) > 0
                ? union(new ClockOffset(bound, bound))
                : this;
    }

    /// Returns whether a limit of this range differs from that of `other` by more than `tolerance`.
    public boolean differsByMoreThan(ClockOffset other, Duration tolerance) {
        return least.minus(other.least).abs().compareTo(tolerance) > 0
                || most.minus(other.most).abs().compareTo(tolerance) > 0;
    }
}
