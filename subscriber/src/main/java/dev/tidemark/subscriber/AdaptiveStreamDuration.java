package dev.tidemark.subscriber;

import dev.tidemark.subscriber.config.StreamConfig;
import java.time.Duration;

/// Chooses the requested duration of streams, in whole minutes, by the longest that the network permits. Starts
/// with the configured duration. Halves it after a stream that the network cut. From there, each completed
/// stream makes way for a longer one until one is cut again; then the longest completed duration stays.
/// Thread-safe.
final class AdaptiveStreamDuration {
    /// Cuts in a row of a known duration that prove a change of the network. A single one may be an accident.
    private static final int MAX_CUTS = 2;

    private final StreamConfig range;
    private final long step;
    private long current;
    private long longestCompleted;
    private boolean isFinal;
    private int cuts;

    AdaptiveStreamDuration(StreamConfig range) {
        this.range = range;
        this.current = range.initial().toMinutes();
        this.step = half(half(current));
    }

    /// Returns the duration of the next stream.
    synchronized Duration next() {
        return Duration.ofMinutes(current);
    }

    /// Records a stream that lasted as requested.
    synchronized void recordCompleted(Duration length) {
        var minutes = length.toMinutes();
        longestCompleted = Math.max(longestCompleted, minutes);
        if (minutes == current) {
            cuts = 0;
            if (!isFinal) {
                current = Math.min(current + step, range.max().toMinutes());
                isFinal = current == minutes;
            }
        }
    }

    /// Records a stream that was cut before its end.
    synchronized void recordCut(Duration length) {
        var minutes = length.toMinutes();
        if (minutes > current) {
            // this stream was opened before the last change
            return;
        }
        if (minutes > longestCompleted && longestCompleted > 0) {
            current = longestCompleted;
            isFinal = true;
        } else if (minutes > longestCompleted || ++cuts == MAX_CUTS) {
            current = Math.max(half(minutes), range.min().toMinutes());
            longestCompleted = 0;
            isFinal = false;
            cuts = 0;
        }
    }

    private static long half(long minutes) {
        return (minutes + 1) / 2;
    }
}
