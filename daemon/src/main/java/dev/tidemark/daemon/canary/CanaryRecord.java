package dev.tidemark.daemon.canary;

import dev.tidemark.daemon.canary.CanaryMonitor.CanaryFailure;
import dev.tidemark.daemon.canary.CanaryMonitor.CanaryReading;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.DurationHistogram;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Results of the rounds of one connection, and the time of its next round. Thread-safe.
final class CanaryRecord {
    static final String ARRIVED = "arrived";
    static final String OVERDUE = "overdue";
    static final String REFUSED = "refused";

    private static final Logger LOG = LoggerFactory.getLogger(CanaryRecord.class);

    private final DurationHistogram arrivals = DurationHistogram.ofRequests();
    private final Map<SinkName, DurationHistogram> deliveries = new TreeMap<>();
    private final Map<String, Long> rounds = new TreeMap<>(Map.of(ARRIVED, 0L, OVERDUE, 0L, REFUSED, 0L));
    private Optional<Instant> due = Optional.empty();
    private Optional<Instant> lastSuccess = Optional.empty();
    private Optional<CanaryFailure> failure = Optional.empty();
    private boolean running;

    /// Returns true if a round is due, which then counts as running until [#end].
    synchronized boolean begin(Instant now, Duration interval) {
        if (due.isEmpty()) {
            due = Optional.of(now.plus(interval));
        }
        // an interval that a reload shortened counts from now
        var at = due.get().isAfter(now.plus(interval)) ? now.plus(interval) : due.get();
        var begins = !running && !now.isBefore(at);
        due = Optional.of(begins ? now.plus(interval) : at);
        running |= begins;
        return begins;
    }

    synchronized void end() {
        running = false;
    }

    /// Discards the failure and the due time, because another node runs the canary.
    synchronized void standBy() {
        due = Optional.empty();
        failure = Optional.empty();
    }

    /// Keeps the results of these sinks only.
    synchronized void useSinks(List<SinkName> sinks) {
        deliveries.keySet().retainAll(sinks);
        sinks.forEach(sink -> deliveries.computeIfAbsent(sink, ignored -> DurationHistogram.ofRequests()));
    }

    synchronized List<SinkName> sinks() {
        return List.copyOf(deliveries.keySet());
    }

    synchronized void recordArrival(String connection, Instant at, Duration length) {
        if (failure.isPresent()) {
            LOG.info("The canary of connection {} arrived again after {} ms", connection, length.toMillis());
        }
        arrivals.recordNanos(length.toNanos());
        rounds.merge(ARRIVED, 1L, Long::sum);
        lastSuccess = Optional.of(at);
        failure = Optional.empty();
    }

    synchronized void recordDelivery(SinkName sink, Duration length) {
        Optional.ofNullable(deliveries.get(sink)).ifPresent(each -> each.recordNanos(length.toNanos()));
    }

    /// @param state [#OVERDUE] or [#REFUSED]
    synchronized void recordFailure(String connection, String state, Instant now, String reason, String remedy) {
        if (failure.isEmpty()) {
            LOG.warn("The canary of connection {} is {}: {} {}", connection, state, reason, remedy);
        }
        var since = lastSuccess.orElse(failure.map(CanaryFailure::since).orElse(now));
        failure = Optional.of(new CanaryFailure(state, since, reason, remedy));
        rounds.merge(state, 1L, Long::sum);
    }

    synchronized CanaryReading reading(String connection) {
        return new CanaryReading(
                connection,
                Map.copyOf(rounds),
                lastSuccess,
                failure,
                arrivals.reading(),
                deliveries.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, each -> each.getValue().reading())));
    }
}
