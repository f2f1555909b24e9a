package dev.tidemark.daemon.metrics;

import dev.tidemark.ews.message.SkipReporter;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SkippedParts;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the skipped parts of Exchange's messages, and logs each kind once per mailbox. Thread-safe.
public final class SkipMeter implements SkipReporter, MetricSource {
    private static final Logger LOG = LoggerFactory.getLogger(SkipMeter.class);

    private final Map<Kind, LongAdder> counts = SkipReporter.operations().stream()
            .flatMap(operation -> Stream.of(SkipReason.values()).map(reason -> new Kind(operation, reason)))
            .collect(Collectors.toUnmodifiableMap(kind -> kind, kind -> new LongAdder()));
    private final Set<Sighting> logged = ConcurrentHashMap.newKeySet();

    /// Label values of a counter.
    record Kind(String operation, SkipReason reason) {}

    private record Sighting(MailboxAddress mailbox, Kind kind) {}

    @Override
    public void skipped(MailboxAddress mailbox, SkippedParts parts) {
        parts.counts().forEach((reason, count) -> {
            var kind = new Kind(parts.operation(), reason);
            var counter = counts.get(kind);
            if (counter != null) {
                counter.add(count);
            }
            if (logged.add(new Sighting(mailbox, kind))) {
                LOG.warn(
                        "Skipped {} of {} for {} ({}); counting further ones in tidemark_ews_skipped_total",
                        count == 1 ? "one part" : count + " parts",
                        kind.operation(),
                        mailbox,
                        reason.label());
            }
        });
    }

    @Override
    public void collect(MetricPage page) {
        counts.forEach((kind, count) -> page.counter(
                "ews_skipped",
                "Unreadable parts of Exchange's messages that were skipped, by operation and reason.",
                MetricLabels.of("operation", kind.operation())
                        .and("reason", kind.reason().label()),
                count.sum()));
    }

    long count(Kind kind) {
        var counter = counts.get(kind);
        return counter == null ? 0 : counter.sum();
    }
}
