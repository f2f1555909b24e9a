package dev.tidemark.compensator;

import dev.tidemark.subscriber.streaming.StreamConfig;
import java.time.Duration;

/// What to do for mailboxes that Exchange cannot call back for.
///
/// @param after compensations in a row without a single call-back after which push is given up
/// @param delay between polls
/// @param streaming how streams are held open
public record FallbackConfig(int after, Transport transport, PollDelay delay, StreamConfig streaming) {
    /// Push is never given up.
    public static final FallbackConfig NONE = new FallbackConfig(
            3,
            Transport.NONE,
            new PollDelay(new PollDelay.ConfiguredDelay.Percent(50), Duration.ofMinutes(1)),
            StreamConfig.DEFAULT);

    /// How to learn of events without push.
    public enum Transport {
        NONE,
        POLL,
        STREAMING;

        /// The word for it in events: the origin of what it finds.
        String label() {
            return switch (this) {
                case NONE -> "none";
                case POLL -> "poll";
                case STREAMING -> "stream";
            };
        }
    }

    public FallbackConfig {
        if (after < 1) {
            throw new IllegalArgumentException("Push cannot be given up after " + after + " compensations; say 1.");
        }
    }
}
