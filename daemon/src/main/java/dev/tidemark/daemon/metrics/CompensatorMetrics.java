package dev.tidemark.daemon.metrics;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.compensator.CompensatorCounters;
import dev.tidemark.compensator.RecoveryProgress;
import dev.tidemark.subscriber.StreamCounters;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import java.util.List;
import java.util.function.Supplier;

/// Metrics of compensations, upkeep, and the fallback transports.
///
/// @param connections all connections, also those that are not polled
record CompensatorMetrics(Compensator compensator, Supplier<List<ConnectionStatus>> connections)
        implements MetricSource {
    @Override
    public void collect(MetricPage page) {
        collectCompensations(page, compensator.counters());
        collectFallback(page, compensator.fallbackCounters());
        page.histogram(
                "sweep_duration_seconds",
                "Durations of the sweeps that find mailboxes that need compensation.",
                MetricLabels.NONE,
                compensator.sweeps());
        var recovery = compensator.recovery();
        page.gauge(
                "compensation_recovery_done",
                "Compensations done in the current recovery; 0 without one.",
                recovery.map(RecoveryProgress::done).orElse(0L));
        page.gauge(
                "compensation_recovery_remaining",
                "Compensations left in the current recovery; 0 without one.",
                recovery.map(RecoveryProgress::remaining).orElse(0L));
        var upkeep = compensator.upkeepCounters();
        page.gauge("snapshots_owed", "Mailboxes with a pending snapshot.", upkeep.snapshots());
        page.gauge("sync_states_aging", "Mailboxes whose sync states need a refresh.", upkeep.aging());
        page.counter("upkeep_done", "Completed snapshots and refreshes of sync states.", upkeep.done());
    }

    private static void collectCompensations(MetricPage page, CompensatorCounters counters) {
        counters.outcomes()
                .forEach((kind, count) -> page.counter(
                        "compensations",
                        "Completed compensations by action and outcome.",
                        MetricLabels.of("action", kind.action()).and("outcome", kind.outcome()),
                        count));
        page.counter("compensations_started", "Started compensations.", counters.started());
        page.gauge("compensations_due", "Mailboxes with a due compensation.", counters.due());
        page.gauge("compensations_under_way", "Compensations in flight.", counters.inFlight());
    }

    private void collectFallback(MetricPage page, CompensatorCounters.FallbackCounters fallback) {
        page.counter("fallback_found", "Events that polls or streams found.", fallback.found());
        page.gauge(
                "fallback_streams",
                "Open streams.",
                fallback.streams().map(StreamCounters::open).orElse(0));
        page.counter(
                "fallback_streams_silent",
                "Streams that fell silent early.",
                fallback.streams().map(StreamCounters::silent).orElse(0L));
        connections
                .get()
                .forEach(connection -> page.gauge(
                        "fallback_poll_stretch_ratio",
                        "Factor on the poll delay that keeps polls within half of the rate.",
                        MetricLabels.of("connection", connection.name()),
                        fallback.stretch().getOrDefault(connection.name(), 1.0)));
    }
}
