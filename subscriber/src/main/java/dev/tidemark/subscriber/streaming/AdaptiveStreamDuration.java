package dev.tidemark.subscriber.streaming;

import java.time.Duration;

/// How long a stream is asked to last, in whole minutes: as long as the network between lets it live. The
/// first one is asked for what configuration says. Where one dies without a word before its time, the next is
/// half as long; from there each that lives makes way for a longer one, until one dies again: then the
/// longest that lived it is. Safe for use by many threads.
final class AdaptiveStreamDuration {
    /// What a network did once it need not do again; what it does twice in a row it means.
    private static final int STRIKES = 2;

    private final StreamConfig range;
    private final long step;
    private long current;
    private long longest;
    private boolean settled;
    private int strikes;

    AdaptiveStreamDuration(StreamConfig range) {
        this.range = range;
        this.current = range.initial().toMinutes();
        this.step = half(half(current));
    }

    /// For the next stream.
    synchronized Duration next() {
        return Duration.ofMinutes(current);
    }

    /// A stream came to the end that it was asked for.
    synchronized void recordCompleted(Duration length) {
        var minutes = length.toMinutes();
        longest = Math.max(longest, minutes);
        if (minutes == current) {
            strikes = 0;
            if (!settled) {
                current = Math.min(current + step, range.max().toMinutes());
                settled = current == minutes;
            }
        }
    }

    /// A stream fell silent before its end.
    synchronized void recordCut(Duration length) {
        var minutes = length.toMinutes();
        if (minutes > current) {
            // one of those that the last change came too late for
            return;
        }
        if (minutes > longest && longest > 0) {
            current = longest;
            settled = true;
        } else if (minutes > longest || ++strikes == STRIKES) {
            current = Math.max(half(minutes), range.min().toMinutes());
            longest = 0;
            settled = false;
            strikes = 0;
        }
    }

    private static long half(long minutes) {
        return (minutes + 1) / 2;
    }
}
