package dev.tidemark.compensator;

import dev.tidemark.subscriber.config.StreamConfig;
import java.time.Duration;

/// Settings for mailboxes that Exchange cannot call back for.
///
/// @param after consecutive compensations without a callback after which push is suspended
/// @param delay delay between polls
/// @param streaming settings of the streams
public record FallbackConfig(int after, Transport transport, PollDelay delay, StreamConfig streaming) {
    /// Never suspends push.
    public static final FallbackConfig NONE = new FallbackConfig(
            3,
            Transport.NONE,
            new PollDelay(new PollDelay.ConfiguredDelay.Percent(50), Duration.ofMinutes(1)),
            StreamConfig.DEFAULT);

    /// Transport that replaces push.
    public enum Transport {
        NONE,
        POLL,
        STREAMING;

        /// Returns the label in events: the origin of the recovered events.
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
            throw new IllegalArgumentException(
                    "Push cannot be suspended after " + after + " compensations; set at least 1.");
        }
    }
}
