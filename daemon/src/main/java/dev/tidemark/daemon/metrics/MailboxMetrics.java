package dev.tidemark.daemon.metrics;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.values.DurationHistogram;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Metrics over all mailboxes: a fixed number of series, whatever the number of mailboxes. Walks over them once per
/// scrape and creates no object per mailbox.
///
/// @param watermarkLifetime time for which Exchange keeps a watermark, as configured
record MailboxMetrics(MailboxRegistry mailboxes, Duration watermarkLifetime, Clock clock) implements MetricSource {
    @Override
    public void collect(MetricPage page) {
        var states = mailboxes.countsByState();
        for (var state : MailboxState.LABELS) {
            page.gauge(
                    "mailboxes",
                    "Mailboxes by state.",
                    MetricLabels.of("state", state),
                    states.getOrDefault(state, 0L));
        }
        var ages = new MailboxAges(clock.millis());
        mailboxes.summaries().forEach(ages::add);
        page.histogram(
                "mailbox_silence_seconds",
                "Time since the last callback or subscription of each mailbox now, without paused ones.",
                MetricLabels.NONE,
                ages.silence.reading());
        page.gauge(
                "watermark_age_max_seconds",
                "Age of the oldest watermark of a mailbox that is not paused.",
                TimeUnit.MILLISECONDS.toSeconds(ages.oldestWatermark));
        page.gauge(
                "watermark_lifetime_seconds",
                "Age at which a watermark counts as lost (compensator.watermark-lifetime).",
                watermarkLifetime.toSeconds());
    }

    /// Ages of the mailboxes that are not paused, in milliseconds. Not thread-safe; used by the thread of the scrape.
    private static final class MailboxAges {
        private final DurationHistogram silence = silenceHistogram();
        private final long now;
        private long oldestWatermark;

        MailboxAges(long now) {
            this.now = now;
        }

        void add(MailboxSummary mailbox) {
            if (mailbox.state() instanceof MailboxState.Paused) {
                return;
            }
            var lastSign = Math.max(mailbox.lastHeardMillis(), mailbox.subscribedMillis());
            if (lastSign > 0) {
                silence.recordNanos(TimeUnit.MILLISECONDS.toNanos(now - lastSign));
            }
            var watermark = mailbox.watermark();
            if (watermark.isPresent()) {
                var takenAt = watermark.get().takenAt().toEpochMilli();
                oldestWatermark = Math.max(oldestWatermark, now - takenAt);
            }
        }
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
