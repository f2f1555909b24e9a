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
    static final String UNDELIVERED = "undelivered";
    static final String PAUSED = "paused";

    private static final Logger LOG = LoggerFactory.getLogger(CanaryRecord.class);

    private final DurationHistogram arrivals = DurationHistogram.ofRequests();
    private final Map<SinkName, DurationHistogram> deliveries = new TreeMap<>();
    private final Map<String, Long> rounds =
            new TreeMap<>(Map.of(ARRIVED, 0L, OVERDUE, 0L, REFUSED, 0L, UNDELIVERED, 0L, PAUSED, 0L));
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

    /// Records that the event is in the journal, which ends every failure except that of a sink.
    synchronized void recordArrival(String connection, Instant at, Duration length) {
        arrivals.recordNanos(length.toNanos());
        lastSuccess = Optional.of(at);
        if (failure.filter(each -> each.state().equals(UNDELIVERED)).isEmpty()) {
            endFailure(connection);
        }
    }

    /// Records that each sink has the event.
    synchronized void recordSuccess(String connection) {
        endFailure(connection);
        rounds.merge(ARRIVED, 1L, Long::sum);
    }

    private void endFailure(String connection) {
        failure.ifPresent(each -> LOG.info("The canary of connection {} is no longer {}", connection, each.state()));
        failure = Optional.empty();
    }

    /// Records a round without a result, because an operator paused the connection or the mailbox.
    synchronized void recordPause() {
        failure = Optional.empty();
        rounds.merge(PAUSED, 1L, Long::sum);
    }

    synchronized void recordDelivery(SinkName sink, Duration length) {
        Optional.ofNullable(deliveries.get(sink)).ifPresent(each -> each.recordNanos(length.toNanos()));
    }

    /// @param state [#OVERDUE], [#REFUSED] or [#UNDELIVERED]
    synchronized void recordFailure(String connection, String state, Instant now, String reason, String remedy) {
        if (failure.filter(each -> each.state().equals(state)).isEmpty()) {
            LOG.warn("The canary of connection {} is {}: {}; {}", connection, state, reason, remedy);
        }
        failure = Optional.of(new CanaryFailure(state, since(state, now), reason, remedy));
        rounds.merge(state, 1L, Long::sum);
    }

    /// Returns the start of a failure. The event of a round that the sinks miss did arrive, so its arrival does
    /// not move the start.
    private Instant since(String state, Instant now) {
        var before = failure.map(CanaryFailure::since).orElse(now);
        return state.equals(UNDELIVERED) ? before : lastSuccess.orElse(before);
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
