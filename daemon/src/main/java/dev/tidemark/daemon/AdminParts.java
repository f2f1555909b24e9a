package dev.tidemark.daemon;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.forwarder.CloudEvents;
import dev.tidemark.forwarder.Forwarder;
import dev.tidemark.forwarder.SinkCounters;
import dev.tidemark.listener.Listener;
import dev.tidemark.subscriber.Subscriber;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.WatermarkStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Function;

/// What the admin API shows and moves, and where.
record AdminParts(
        WatermarkStore store,
        Listener listener,
        Forwarder forwarder,
        Subscriber subscriber,
        Compensator compensator,
        SkipMeter skips) {
    void addTo(Router router, CloudEvents events, Phase phase, ProblemReport report, Clock clock) {
        Function<JournalEvent, String> render =
                event -> new String(events.show(event, store.details()), StandardCharsets.UTF_8);
        var before = store.journal().end().value();
        StaticRoutes.addTo(router);
        router.get("/metrics", metrics(report));
        router.get(
                "/api/v1/status",
                new StatusRoute(
                        store,
                        () -> totals(before),
                        new RepairTree(store, compensator, subscriber),
                        report,
                        clock.instant(),
                        clock));
        new MailboxRoutes(store, compensator, subscriber, clock).addTo(router);
        new EventRoutes(store.journal(), store.mailboxes(), render, phase, clock).addTo(router);
        new SinkRoutes(forwarder).addTo(router);
        new ConnectionRoutes(subscriber).addTo(router);
        var orders = new ReplayOrders(forwarder::before, store.journal(), store.mailboxes(), clock);
        new ReplayRoutes(forwarder, store.replays(), orders).addTo(router);
        new DeadLetterRoutes(
                        store.deliveries(),
                        forwarder.counters().keySet(),
                        new DeadLetterQueries(store.mailboxes(), clock),
                        render)
                .addTo(router);
        router.later("GET", "/openapi.yaml")
                .later("GET", "/api/v1/events/stream")
                .later("POST", "/api/v1/check")
                .later("POST", "/-/reload");
    }

    private Metrics metrics(ProblemReport report) {
        var metrics = new Metrics();
        metrics.watch(store);
        metrics.watch(listener);
        metrics.watch(subscriber);
        metrics.watch(compensator);
        metrics.watchStreams(compensator);
        metrics.watchFallback(compensator, subscriber.budgets().keySet());
        metrics.watch(forwarder);
        metrics.watch(report);
        metrics.watch(skips);
        return metrics;
    }

    private Totals totals(long journalledBefore) {
        var counters = listener.counters();
        return new Totals(
                counters.received(),
                counters.acknowledged(),
                store.journal().end().value() - journalledBefore,
                forwarder.counters().values().stream()
                        .mapToLong(SinkCounters::delivered)
                        .sum(),
                counters.duplicates(),
                counters.gaps(),
                store.deliveries().deadLetterCount());
    }
}
