package dev.tidemark.daemon.admin;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.compensator.CompensatorCounters;
import dev.tidemark.compensator.RecoveryProgress;
import dev.tidemark.daemon.reload.ConfigReloader;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.operator.SinkCounters;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.ListenerCounters;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.DetailCounters;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.StreamCounters;
import dev.tidemark.subscriber.connection.ConnectionBudget;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SubscriberCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Renders the modules' counters in the Prometheus text format. No other class uses Micrometer. Reads counters
/// only during a scrape, so the data path has no overhead.
final class PrometheusMetrics implements AdminRoute {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final List<String> SINK_STATES = List.of("active", "held", "disabled", "refused");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Override
    public AdminReply handle(AdminRequest request) {
        return AdminReply.text(TEXT, registry.scrape());
    }

    void watch(WatermarkStore store) {
        gauge(
                "store.accepting",
                "1 while the store accepts callbacks",
                Tags.empty(),
                () -> store.intake().accepting() ? 1 : 0);
        gauge(
                "disk.free.bytes",
                "free bytes on the store's disk",
                Tags.empty(),
                () -> store.intake().freeBytes().orElse(0));
        gauge(
                "dead.letters",
                "events that a sink rejected",
                Tags.empty(),
                () -> store.deliveries().deadLetterCount());
        gauge(
                "journal.end",
                "position of the newest event",
                Tags.empty(),
                () -> store.journal().end().value());
        watchDetails(store);
        for (var state : MailboxState.LABELS) {
            gauge(
                    "mailboxes",
                    "mailboxes by state",
                    Tags.of("state", state),
                    () -> StatusRoute.byState(store).getOrDefault(state, 0L));
        }
    }

    private void watchDetails(WatermarkStore store) {
        Map<String, ToDoubleFunction<DetailCounters>> outcomes = Map.of(
                "found", DetailCounters::found,
                "not-found", DetailCounters::notFound,
                "unavailable", DetailCounters::unavailable);
        outcomes.forEach((outcome, value) -> counter(
                "details",
                "events with or without details of their item",
                Tags.of("outcome", outcome),
                store,
                each -> value.applyAsDouble(each.details().counters())));
    }

    void watch(CallbackListener listener) {
        count("callbacks.received", "callbacks with a valid token", listener, ListenerCounters::received);
        count("callbacks.acknowledged", "callbacks answered with OK", listener, ListenerCounters::acknowledged);
        count(
                "callbacks.unsubscribed",
                "callbacks answered with Unsubscribe",
                listener,
                ListenerCounters::unsubscribed);
        count("events.stored", "new events from callbacks", listener, ListenerCounters::events);
        count(
                "events.duplicate",
                "events from callbacks that were stored already",
                listener,
                ListenerCounters::duplicates);
        count("heartbeats", "callbacks with only a heartbeat", listener, ListenerCounters::heartbeats);
        count("gaps", "gaps in notification chains", listener, ListenerCounters::gaps);
        count("subscriptions.ended", "subscriptions that Exchange ended", listener, ListenerCounters::ended);
        count("batches", "group commits", listener, ListenerCounters::batches);
        count("store.failures", "batches that the store rejected", listener, ListenerCounters::storeFailures);
        for (var reason : listener.counters().refused().keySet()) {
            counter(
                    "callbacks.refused",
                    "by reason",
                    Tags.of("reason", reason),
                    listener,
                    each -> each.counters().refused().getOrDefault(reason, 0L));
        }
        gauge(
                "callbacks.under.way",
                "callbacks in flight, from head to response",
                Tags.empty(),
                () -> listener.counters().inFlight());
    }

    private void count(String name, String help, CallbackListener listener, ToDoubleFunction<ListenerCounters> value) {
        counter(name, help, Tags.empty(), listener, each -> value.applyAsDouble(each.counters()));
    }

    void watch(MailboxSubscriber subscriber) {
        Function<ToDoubleFunction<SubscriberCounters>, ToDoubleFunction<MailboxSubscriber>> of =
                value -> each -> value.applyAsDouble(each.counters());
        counter(
                "exchange.requests",
                "sent to Exchange",
                Tags.empty(),
                subscriber,
                of.apply(SubscriberCounters::requests));
        counter(
                "exchange.refused",
                "requests with an error or no response",
                Tags.empty(),
                subscriber,
                of.apply(SubscriberCounters::refused));
        counter(
                "exchange.pauses",
                "back-offs of a connection",
                Tags.empty(),
                subscriber,
                of.apply(SubscriberCounters::pauses));
        counter(
                "subscriptions.made",
                "subscriptions that Exchange granted",
                Tags.empty(),
                subscriber,
                of.apply(SubscriberCounters::subscribed));
        counter(
                "resync.pages",
                "pages that resyncs read",
                Tags.empty(),
                subscriber,
                each -> each.resyncCounters().pages());
        counter(
                "resync.changes",
                "changes on these pages",
                Tags.empty(),
                subscriber,
                each -> each.resyncCounters().changes());
        gauge(
                "resyncs.under.way",
                "resyncs in progress or interrupted",
                Tags.empty(),
                () -> subscriber.resyncCounters().inProgress());
        counter(
                "fallback.polls",
                "polls of mailboxes without working push",
                Tags.empty(),
                subscriber,
                of.apply(SubscriberCounters::polled));
        counter("resyncs", "completed", Tags.empty(), subscriber, of.apply(SubscriberCounters::resynced));
        subscriber.budgets().keySet().forEach(connection -> watch(subscriber, connection));
    }

    private void watch(MailboxSubscriber subscriber, String connection) {
        var tags = Tags.of("connection", connection);
        Function<ToDoubleFunction<ConnectionBudget>, ToDoubleFunction<MailboxSubscriber>> of =
                value -> each -> value.applyAsDouble(budget(each, connection));
        Function<ToDoubleFunction<ConnectionBudget>, Supplier<Number>> now =
                value -> () -> value.applyAsDouble(budget(subscriber, connection));
        for (var priority : RequestPriority.values()) {
            var byPriority = tags.and("priority", priority.name().toLowerCase(Locale.ROOT));
            counter(
                    "connection.requests",
                    "requests to Exchange, by priority",
                    byPriority,
                    subscriber,
                    of.apply(budget -> budget.sent().getOrDefault(priority, 0L)));
            gauge(
                    "connection.waiting",
                    "waiting requests",
                    byPriority,
                    now.apply(budget -> budget.waiting().getOrDefault(priority, 0L)));
        }
        counter("connection.refused", "answered by an error", tags, subscriber, of.apply(ConnectionBudget::refused));
        counter(
                "connection.pauses",
                "back-offs of this connection",
                tags,
                subscriber,
                of.apply(ConnectionBudget::pauses));
        counter(
                "connection.narrowings",
                "reductions of the concurrency limit",
                tags,
                subscriber,
                of.apply(ConnectionBudget::limitReductions));
        gauge(
                "exchange.clock.offset.seconds",
                "offset of Exchange's clock, positive if it is ahead",
                tags,
                () -> subscriber.clockOffset(connection).toMillis() / 1000.0);
        gauge("connection.under.way", "requests in flight", tags, now.apply(ConnectionBudget::inFlight));
        gauge("connection.allowed", "concurrency limit", tags, now.apply(ConnectionBudget::allowed));
        gauge(
                "connection.limit.requests.per.second",
                "limit of requests per second; 0 for none",
                tags,
                now.apply(budget -> budget.limits().requestsPerSecond()));
        gauge(
                "connection.backoff.seconds",
                "time until the back-off of the connection ends; 0 without one",
                tags,
                now.apply(budget -> budget.backoffLeft().orElse(Duration.ZERO).toMillis() / 1000.0));
        gauge("connection.available", "1 while Exchange can be used", tags, () -> available(subscriber, connection));
        gauge(
                "connection.mailboxes.held.back",
                "mailboxes that Exchange throttles",
                tags,
                now.apply(ConnectionBudget::mailboxesInBackoff));
    }

    private static double available(MailboxSubscriber subscriber, String connection) {
        return subscriber.connections().stream()
                        .filter(each -> each.name().equals(connection))
                        .allMatch(ConnectionStatus::isAvailable)
                ? 1
                : 0;
    }

    void watch(ProblemReport report) {
        for (var area : OperatorProblem.Kind.areas()) {
            gauge("problems", "problems that tidemark status lists", Tags.of("area", area), () -> report.count(area));
        }
    }

    private static ConnectionBudget budget(MailboxSubscriber subscriber, String connection) {
        return Objects.requireNonNull(subscriber.budgets().get(connection), connection);
    }

    void watch(Compensator compensator) {
        Function<ToDoubleFunction<CompensatorCounters>, ToDoubleFunction<Compensator>> of =
                value -> each -> value.applyAsDouble(each.counters());
        counter(
                "compensations.started",
                "compensations started",
                Tags.empty(),
                compensator,
                of.apply(CompensatorCounters::started));
        counter(
                "compensations.succeeded",
                "compensations that left nothing pending",
                Tags.empty(),
                compensator,
                of.apply(CompensatorCounters::succeeded));
        gauge(
                "compensations.due",
                "mailboxes with a due compensation",
                Tags.empty(),
                () -> compensator.counters().due());
        gauge(
                "compensations.under.way",
                "compensations in flight",
                Tags.empty(),
                () -> compensator.counters().inFlight());
        gauge(
                "compensation.recovery.done",
                "compensations done in the current recovery; 0 without one",
                Tags.empty(),
                () -> compensator.recovery().map(RecoveryProgress::done).orElse(0L));
        gauge(
                "compensation.recovery.remaining",
                "compensations left in the current recovery; 0 without one",
                Tags.empty(),
                () -> compensator.recovery().map(RecoveryProgress::remaining).orElse(0L));
        gauge(
                "snapshots.owed",
                "mailboxes with a pending snapshot",
                Tags.empty(),
                () -> compensator.upkeepCounters().snapshots());
        gauge(
                "sync.states.aging",
                "mailboxes whose sync states need a refresh",
                Tags.empty(),
                () -> compensator.upkeepCounters().aging());
        counter(
                "upkeep.done",
                "completed snapshots and refreshes of sync states",
                Tags.empty(),
                compensator,
                each -> each.upkeepCounters().done());
        counter(
                "fallback.found",
                "events that polls or streams found",
                Tags.empty(),
                compensator,
                each -> each.fallbackCounters().found());
    }

    void watchStreams(Compensator compensator) {
        gauge(
                "fallback.streams",
                "open streams",
                Tags.empty(),
                () -> compensator
                        .fallbackCounters()
                        .streams()
                        .map(StreamCounters::open)
                        .orElse(0));
        counter(
                "fallback.streams.silent",
                "streams that fell silent early",
                Tags.empty(),
                compensator,
                each -> each.fallbackCounters()
                        .streams()
                        .map(StreamCounters::silent)
                        .orElse(0L));
    }

    void watchFallback(Compensator compensator, Set<String> connections) {
        for (var connection : connections) {
            gauge(
                    "fallback.poll.stretch.ratio",
                    "factor on the poll delay that keeps polls within half of the rate",
                    Tags.of("connection", connection),
                    () -> compensator.fallbackCounters().stretch().getOrDefault(connection, 1.0));
        }
    }

    void watch(EventForwarder forwarder) {
        for (var sink : forwarder.counters().keySet()) {
            var tags = Tags.of("sink", sink.value());
            Function<ToDoubleFunction<SinkCounters>, ToDoubleFunction<EventForwarder>> of = value ->
                    each -> value.applyAsDouble(each.counters().getOrDefault(sink, new SinkCounters(0, 0, 0, 0, 0)));
            counter("sink.delivered", "delivered events", tags, forwarder, of.apply(SinkCounters::delivered));
            counter("sink.attempts", "requests", tags, forwarder, of.apply(SinkCounters::attempts));
            counter("sink.failed", "failed requests", tags, forwarder, of.apply(SinkCounters::failed));
            counter(
                    "sink.dead.letters",
                    "events that became dead letters",
                    tags,
                    forwarder,
                    of.apply(SinkCounters::deadLetters));
            counter(
                    "sink.expired",
                    "events that retention removed before delivery",
                    tags,
                    forwarder,
                    of.apply(SinkCounters::expired));
            gauge("sink.backlog", "undelivered events", tags, () -> view(forwarder, sink, SinkView::backlog));
            for (var state : SINK_STATES) {
                gauge(
                        "sink.state",
                        "1 for the current state",
                        tags.and("state", state),
                        () -> view(forwarder, sink, each -> each.state().equals(state) ? 1 : 0));
            }
        }
    }

    void watch(ConfigReloader reloader) {
        gauge(
                "config.last.reload.successful",
                "1 if the last reload of the configuration succeeded, or if there was none",
                Tags.empty(),
                () -> reloader.status().isSuccessful() ? 1 : 0);
        gauge(
                "config.last.reload.success.timestamp.seconds",
                "time at which the configuration in use was read",
                Tags.empty(),
                () -> reloader.status().successAt().toEpochMilli() / 1000.0);
    }

    /// Adds the series of new connections and sinks after a reload, and removes those of names that are gone.
    void watchNames(MailboxSubscriber subscriber, Compensator compensator, EventForwarder forwarder) {
        var connections = subscriber.budgets().keySet();
        var sinks = forwarder.counters().keySet().stream().map(SinkName::value).collect(Collectors.toSet());
        for (var meter : List.copyOf(registry.getMeters())) {
            if (isGone(meter.getId().getTag("connection"), connections)
                    || isGone(meter.getId().getTag("sink"), sinks)) {
                registry.remove(meter);
            }
        }
        connections.forEach(connection -> watch(subscriber, connection));
        watchFallback(compensator, connections);
        watch(forwarder);
    }

    private static boolean isGone(@Nullable String name, Set<String> names) {
        return name != null && !names.contains(name);
    }

    void watch(SkipMeter skips) {
        for (var kind : skips.kinds()) {
            counter(
                    "ews.skipped",
                    "unreadable parts of messages that Tidemark skipped",
                    Tags.of(
                            "operation",
                            kind.operation(),
                            "reason",
                            kind.reason().label()),
                    skips,
                    each -> each.count(kind));
        }
    }

    private static double view(EventForwarder forwarder, SinkName name, ToDoubleFunction<SinkView> value) {
        return forwarder.sinks().stream()
                .filter(sink -> sink.name().equals(name))
                .mapToDouble(value)
                .findFirst()
                .orElse(0);
    }

    private <T> void counter(String name, String help, Tags tags, T source, ToDoubleFunction<T> value) {
        FunctionCounter.builder("tidemark." + name, source, value)
                .tags(tags)
                .description(help)
                .register(registry);
    }

    private void gauge(String name, String help, Tags tags, Supplier<Number> value) {
        Gauge.builder("tidemark." + name, value)
                .strongReference(true)
                .tags(tags)
                .description(help)
                .register(registry);
    }
}
