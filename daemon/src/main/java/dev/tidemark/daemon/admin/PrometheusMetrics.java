package dev.tidemark.daemon.admin;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.compensator.CompensatorCounters;
import dev.tidemark.compensator.RecoveryProgress;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.SinkView;
import dev.tidemark.forwarder.backlog.SinkCounters;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.ListenerCounters;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.DetailCounters;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.connection.ConnectionBudget;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SubscriberCounters;
import dev.tidemark.subscriber.streaming.StreamCounters;
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

/// The modules' counters as Prometheus text: the one place that knows Micrometer. Counters are read when
/// somebody asks, so the steps pay nothing for it.
final class PrometheusMetrics implements AdminRoute {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final List<String> SINK_STATES = List.of("active", "held", "disabled", "refused");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Override
    public AdminReply answer(AdminRequest request) {
        return AdminReply.text(TEXT, registry.scrape());
    }

    void watch(WatermarkStore store) {
        gauge(
                "store.accepting",
                "1 while call-backs can be stored",
                Tags.empty(),
                () -> store.intake().accepting() ? 1 : 0);
        gauge(
                "disk.free.bytes",
                "bytes left on the store's disk",
                Tags.empty(),
                () -> store.intake().freeBytes().orElse(0));
        gauge(
                "dead.letters",
                "events that a sink would not take",
                Tags.empty(),
                () -> store.deliveries().deadLetterCount());
        gauge(
                "journal.end",
                "number of the newest event",
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
                "events that tell of their item, or go without",
                Tags.of("outcome", outcome),
                store,
                each -> value.applyAsDouble(each.details().counters())));
    }

    void watch(CallbackListener listener) {
        count("callbacks.received", "with a token of ours", listener, ListenerCounters::received);
        count("callbacks.acknowledged", "answered OK", listener, ListenerCounters::acknowledged);
        count("callbacks.unsubscribed", "answered Unsubscribe", listener, ListenerCounters::unsubscribed);
        count("events.stored", "new events from call-backs", listener, ListenerCounters::events);
        count("events.duplicate", "events from call-backs that were known", listener, ListenerCounters::duplicates);
        count("heartbeats", "call-backs that held nothing else", listener, ListenerCounters::heartbeats);
        count("gaps", "breaks of a chain that were reported", listener, ListenerCounters::gaps);
        count("subscriptions.ended", "by Exchange's own word", listener, ListenerCounters::ended);
        count("batches", "group commits", listener, ListenerCounters::batches);
        count("store.failures", "batches that the store could not take", listener, ListenerCounters::storeFailures);
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
                "between their head and their answer",
                Tags.empty(),
                () -> listener.counters().underWay());
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
                "answered by an error or not at all",
                Tags.empty(),
                subscriber,
                of.apply(SubscriberCounters::refused));
        counter(
                "exchange.pauses",
                "times a connection was held back",
                Tags.empty(),
                subscriber,
                of.apply(SubscriberCounters::pauses));
        counter(
                "subscriptions.made",
                "granted by Exchange",
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
                "resyncs under way or interrupted",
                Tags.empty(),
                () -> subscriber.resyncCounters().underWay());
        counter(
                "fallback.polls",
                "looks for what is new in mailboxes whose push does not work",
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
                    "sent to Exchange, by what they are for",
                    byPriority,
                    subscriber,
                    of.apply(budget -> budget.sent().getOrDefault(priority, 0L)));
            gauge(
                    "connection.waiting",
                    "requests that wait for their turn",
                    byPriority,
                    now.apply(budget -> budget.waiting().getOrDefault(priority, 0L)));
        }
        counter("connection.refused", "answered by an error", tags, subscriber, of.apply(ConnectionBudget::refused));
        counter("connection.pauses", "times it was held back", tags, subscriber, of.apply(ConnectionBudget::pauses));
        counter(
                "connection.narrowings",
                "times fewer requests at once were allowed",
                tags,
                subscriber,
                of.apply(ConnectionBudget::narrowings));
        gauge(
                "exchange.clock.offset.seconds",
                "offset of Exchange's clock, positive if it is ahead",
                tags,
                () -> subscriber.clockOffset(connection).toMillis() / 1000.0);
        gauge("connection.under.way", "requests under way", tags, now.apply(ConnectionBudget::underWay));
        gauge("connection.allowed", "requests allowed at once", tags, now.apply(ConnectionBudget::allowed));
        gauge(
                "connection.limit.requests.per.second",
                "requests allowed a second, 0 for any",
                tags,
                now.apply(budget -> budget.limits().requestsPerSecond()));
        gauge(
                "connection.backoff.seconds",
                "time until the back-off of the connection ends; 0 without one",
                tags,
                now.apply(budget -> budget.heldBackFor().orElse(Duration.ZERO).toMillis() / 1000.0));
        gauge("connection.available", "1 while Exchange can be used", tags, () -> available(subscriber, connection));
        gauge(
                "connection.mailboxes.held.back",
                "mailboxes that Exchange wants left alone",
                tags,
                now.apply(ConnectionBudget::mailboxesHeldBack));
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
                "remedies begun",
                Tags.empty(),
                compensator,
                of.apply(CompensatorCounters::started));
        counter(
                "compensations.succeeded",
                "that left nothing owed",
                Tags.empty(),
                compensator,
                of.apply(CompensatorCounters::succeeded));
        gauge(
                "compensations.due",
                "mailboxes that wait for their turn",
                Tags.empty(),
                () -> compensator.counters().due());
        gauge(
                "compensations.under.way",
                "remedies under way",
                Tags.empty(),
                () -> compensator.counters().inFlight());
        gauge(
                "compensation.rush.done",
                "helped since a rush began; 0 without one",
                Tags.empty(),
                () -> compensator.rush().map(RecoveryProgress::done).orElse(0L));
        gauge(
                "compensation.rush.left",
                "still to be helped in a rush; 0 without one",
                Tags.empty(),
                () -> compensator.rush().map(RecoveryProgress::left).orElse(0L));
        gauge(
                "snapshots.owed",
                "mailboxes that have not told of their past yet",
                Tags.empty(),
                () -> compensator.upkeepCounters().snapshots());
        gauge(
                "sync.states.aging",
                "mailboxes whose sync states are to be taken anew",
                Tags.empty(),
                () -> compensator.upkeepCounters().aging());
        counter(
                "upkeep.done",
                "mailboxes looked over for a snapshot or to keep their sync states young",
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
                "streams that are open",
                Tags.empty(),
                () -> compensator
                        .fallbackCounters()
                        .streams()
                        .map(StreamCounters::open)
                        .orElse(0));
        counter(
                "fallback.streams.silent",
                "streams that fell silent before their time",
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
                    "how many times the configured delay lies between polls, so that they leave half of the rate",
                    Tags.of("connection", connection),
                    () -> compensator.fallbackCounters().stretch().getOrDefault(connection, 1.0));
        }
    }

    void watch(EventForwarder forwarder) {
        for (var sink : forwarder.counters().keySet()) {
            var tags = Tags.of("sink", sink.value());
            Function<ToDoubleFunction<SinkCounters>, ToDoubleFunction<EventForwarder>> of = value ->
                    each -> value.applyAsDouble(each.counters().getOrDefault(sink, new SinkCounters(0, 0, 0, 0, 0)));
            counter("sink.delivered", "events that it took", tags, forwarder, of.apply(SinkCounters::delivered));
            counter("sink.attempts", "requests", tags, forwarder, of.apply(SinkCounters::attempts));
            counter("sink.failed", "requests that did not succeed", tags, forwarder, of.apply(SinkCounters::failed));
            counter("sink.dead.letters", "events given up", tags, forwarder, of.apply(SinkCounters::deadLetters));
            counter(
                    "sink.expired",
                    "events that retention took first",
                    tags,
                    forwarder,
                    of.apply(SinkCounters::expired));
            gauge("sink.backlog", "events it has not taken yet", tags, () -> view(forwarder, sink, SinkView::backlog));
            for (var state : SINK_STATES) {
                gauge(
                        "sink.state",
                        "1 for the state it is in",
                        tags.and("state", state),
                        () -> view(forwarder, sink, each -> each.state().equals(state) ? 1 : 0));
            }
        }
    }

    void watch(SkipMeter skips) {
        for (var kind : skips.kinds()) {
            counter(
                    "ews.skipped",
                    "parts of messages that Tidemark could not understand and passed over",
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
