package dev.tidemark.daemon.metrics;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.values.DurationHistogram;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Optional;
import java.util.stream.Stream;

/// Metrics over all mailboxes: a fixed number of series, whatever the number of mailboxes. Reads each mailbox once per
/// scrape.
///
/// @param watermarkLifetime time for which Exchange keeps a watermark, as configured
record MailboxMetrics(MailboxRegistry mailboxes, Duration watermarkLifetime, Clock clock) implements MetricSource {
    @Override
    public void collect(MetricPage page) {
        var now = clock.instant();
        var states = new HashMap<String, Long>();
        var silence = silenceHistogram();
        var oldest = Duration.ZERO;
        for (var mailbox : mailboxes.all()) {
            states.merge(mailbox.state().label(), 1L, Long::sum);
            if (mailbox.state() instanceof MailboxState.Paused) {
                continue;
            }
            lastSign(mailbox).map(sign -> Duration.between(sign, now)).ifPresent(silence::record);
            var age = mailbox.watermark()
                    .map(watermark -> Duration.between(watermark.takenAt(), now))
                    .orElse(Duration.ZERO);
            oldest = age.compareTo(oldest) > 0 ? age : oldest;
        }
        for (var state : MailboxState.LABELS) {
            page.gauge(
                    "mailboxes",
                    "Mailboxes by state.",
                    MetricLabels.of("state", state),
                    states.getOrDefault(state, 0L));
        }
        page.histogram(
                "mailbox_silence_seconds",
                "Time since the last callback or subscription of each mailbox now, without paused ones.",
                MetricLabels.NONE,
                silence.reading());
        page.gauge(
                "watermark_age_max_seconds",
                "Age of the oldest watermark of a mailbox that is not paused.",
                oldest.toSeconds());
        page.gauge(
                "watermark_lifetime_seconds",
                "Age at which a watermark counts as lost (compensator.watermark-lifetime).",
                watermarkLifetime.toSeconds());
    }

    private static Optional<Instant> lastSign(Mailbox mailbox) {
        return Stream.of(mailbox.lastHeardAt(), mailbox.subscribedAt())
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    private static DurationHistogram silenceHistogram() {
        return DurationHistogram.of(
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10),
                Duration.ofMinutes(20),
                Duration.ofMinutes(30),
                Duration.ofHours(1),
                Duration.ofHours(2),
                Duration.ofHours(6),
                Duration.ofDays(1),
                Duration.ofDays(7));
    }
}
