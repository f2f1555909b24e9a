package dev.tidemark.daemon.metrics;

import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.connection.ConnectionBudget;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import dev.tidemark.subscriber.connection.RequestPriority;
import java.time.Duration;
import java.util.Locale;

/// Metrics of each connection to Exchange: its state, limits and waiting work.
record ConnectionMetrics(MailboxSubscriber subscriber) implements MetricSource {
    private static final double MILLIS_PER_SECOND = 1000.0;

    @Override
    public void collect(MetricPage page) {
        subscriber.connections().forEach(status -> collectState(page, status));
        subscriber.budgets().forEach((connection, budget) -> {
            var labels = MetricLabels.of("connection", connection);
            collectLimits(page, labels, budget);
            collectPriorities(page, labels, budget);
        });
    }

    private void collectState(MetricPage page, ConnectionStatus status) {
        var labels = MetricLabels.of("connection", status.name());
        page.gauge("connection_available", "1 while Exchange can be used.", labels, status.isAvailable() ? 1 : 0);
        page.gauge(
                "exchange_clock_offset_seconds",
                "Offset of Exchange's clock; positive if it is ahead, 0 before the first reading.",
                labels,
                subscriber.clockOffset(status.name()).toMillis() / MILLIS_PER_SECOND);
    }

    private static void collectLimits(MetricPage page, MetricLabels labels, ConnectionBudget budget) {
        page.gauge(
                "connection_backoff_seconds",
                "Time until the back-off of the connection ends; 0 without one.",
                labels,
                budget.backoffLeft().orElse(Duration.ZERO).toMillis() / MILLIS_PER_SECOND);
        page.counter("connection_pauses", "Back-offs of the whole connection.", labels, budget.pauses());
        page.counter("connection_narrowings", "Reductions of the concurrency limit.", labels, budget.limitReductions());
        page.gauge("connection_under_way", "Requests in flight.", labels, budget.inFlight());
        page.gauge("connection_allowed", "Current limit of concurrent requests.", labels, budget.allowed());
        page.gauge(
                "connection_limit_requests_per_second",
                "Limit of requests per second; 0 for none.",
                labels,
                budget.limits().requestsPerSecond());
        page.gauge(
                "connection_mailboxes_held_back",
                "Mailboxes that Exchange throttles.",
                labels,
                budget.mailboxesInBackoff());
    }

    private static void collectPriorities(MetricPage page, MetricLabels labels, ConnectionBudget budget) {
        for (var priority : RequestPriority.values()) {
            var byPriority = labels.and("priority", priority.name().toLowerCase(Locale.ROOT));
            page.counter(
                    "connection_requests",
                    "Requests to Exchange by priority.",
                    byPriority,
                    budget.sent().getOrDefault(priority, 0L));
            page.gauge(
                    "connection_waiting",
                    "Requests that wait for their turn, by priority.",
                    byPriority,
                    budget.waiting().getOrDefault(priority, 0L));
        }
    }
}
