package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When push is given up for a mailbox, and when it is tried again. Pure.
///
/// @param silence how long a subscription may take to call back for the first time
record FallbackPolicy(FallbackConfig config, SilencePolicy silence) {
    /// No longer between two tries, unless a first call-back may take longer.
    private static final Duration MAX_INTERVAL = Duration.ofHours(6);

    private static final int MAX_DOUBLINGS = 20;

    /// Whether there is another way for a mailbox with this status frequency.
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

    /// When push of a degraded mailbox is to be tried again: twice as long after the last try as a first
    /// call-back may take, doubling up to six hours. `hope` is when Exchange called back for another mailbox
    /// of the connection that it could not call back for either: then those whose own try is over do not wait
    /// longer. Where no transport stands in for push, it is tried as often as if it had not been given up.
    Instant probeAt(Mailbox mailbox, Duration statusFrequency, Optional<Instant> hope) {
        var last = mailbox.subscribedAt().or(() -> mailbox.degraded().map(each -> each.at()));
        var tried = last.orElse(Instant.EPOCH);
        var window = silence.firstCallbackLimit(statusFrequency);
        var planned = tried.plus(hasTransport(statusFrequency) ? interval(mailbox, window) : window);
        return hope.filter(at -> tried.plus(window).isBefore(at) && at.isBefore(planned))
                .orElse(planned);
    }

    private Duration interval(Mailbox mailbox, Duration window) {
        var tries = Math.clamp((long) mailbox.fruitless() - config.after(), 0, MAX_DOUBLINGS);
        var first = window.multipliedBy(2);
        var longest = first.compareTo(MAX_INTERVAL) > 0 ? first : MAX_INTERVAL;
        var planned = first.multipliedBy(1L << tries);
        return planned.compareTo(longest) < 0 ? planned : longest;
    }
}
