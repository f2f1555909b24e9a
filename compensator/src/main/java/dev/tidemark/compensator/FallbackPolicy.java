package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Decides when push is suspended for a mailbox, and when it is probed again. Pure.
///
/// @param silence policy that limits the wait for a first callback
record FallbackPolicy(FallbackConfig config, SilencePolicy silence) {
    /// Longest interval between two probes, unless a first callback may take longer.
    private static final Duration MAX_INTERVAL = Duration.ofHours(6);

    private static final int MAX_DOUBLINGS = 20;

    /// Returns true if another transport exists for this status frequency.
    boolean hasTransport(Duration statusFrequency) {
        return switch (config.transport()) {
            case NONE -> false;
            case POLL -> config.delay().at(statusFrequency).isPresent();
            case STREAMING -> true;
        };
    }

    boolean shouldSuspendPush(Mailbox mailbox, Duration statusFrequency) {
        return mailbox.degraded().isEmpty() && mailbox.fruitless() >= config.after() && hasTransport(statusFrequency);
    }

    /// Returns the time of the next probe of a degraded mailbox. The first interval is twice the limit for a
    /// first callback; it doubles up to six hours. Without another transport, every interval is the limit for a
    /// first callback. A recovery of the connection brings the next probe forward, if the last probe has ended.
    ///
    /// @param hope time of the latest recovery of push on the mailbox's connection
    Instant probeAt(Mailbox mailbox, Duration statusFrequency, Optional<Instant> hope) {
        var probed = mailbox.subscribedAt().or(() -> mailbox.degraded().map(each -> each.at()));
        var lastProbe = probed.orElse(Instant.EPOCH);
        var window = silence.firstCallbackLimit(statusFrequency);
        var planned = lastProbe.plus(hasTransport(statusFrequency) ? interval(mailbox, window) : window);
        return hope.filter(at -> lastProbe.plus(window).isBefore(at) && at.isBefore(planned))
                .orElse(planned);
    }

    private Duration interval(Mailbox mailbox, Duration window) {
        var probes = Math.clamp((long) mailbox.fruitless() - config.after(), 0, MAX_DOUBLINGS);
        var first = window.multipliedBy(2);
        var longest = first.compareTo(MAX_INTERVAL) > 0 ? first : MAX_INTERVAL;
        var planned = first.multipliedBy(1L << probes);
        return planned.compareTo(longest) < 0 ? planned : longest;
    }
}
