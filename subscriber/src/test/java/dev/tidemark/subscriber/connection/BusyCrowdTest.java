package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.BusyExchange;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.SubscriberTestBed;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Subscribes thousands of mailboxes at once while Exchange is busy.
class BusyCrowdTest {
    private static final ConnectionLimits LIMITS = new ConnectionLimits(8, 50);
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Instant FREE = START.plusSeconds(30);
    /// Two responses may admit another request before the third shows that Exchange itself is busy.
    private static final int FIRST_FEW = LIMITS.concurrency() + 2;

    private final SteppedTimeline time = new SteppedTimeline(START);
    private final BusyExchange exchange = new BusyExchange(time, FREE);
    /// callers that run, in contrast to finished or delayed ones
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger subscribed = new AtomicInteger();
    private final AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());

    @TempDir
    private Path folder;

    @Test
    void ten_thousand_at_the_gate_leave_exchange_alone_and_all_get_through() throws Exception {
        var gate = new ConnectionGate(
                "onprem",
                exchange,
                LIMITS,
                new SubscriberStats(),
                new ConnectionGate.Dependencies(
                        time, () -> 0.5, time, (type, fields) -> {}, ExchangeOffsets.NONE, new ConnectionNeighbors()));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            addresses(10_000).keySet().forEach(mailbox -> call(() -> ask(gate, mailbox), callers));
            letTimePass(10_000, gate::budget);
        }
        exchangeWasLeftAlone(10_000);
    }

    @Test
    void all_mailboxes_are_subscribed_in_the_end() throws Exception {
        subscribeAll(300);
    }

    @Test
    @Tag("soak")
    void ten_thousand_are_subscribed_in_the_end() throws Exception {
        subscribeAll(10_000);
    }

    private void subscribeAll(int mailboxes) throws InterruptedException {
        try (var store = StoreFactory.open(config(), time);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            store.mailboxes().enrolAll(addresses(mailboxes));
            var subscriber = subscriber(store);
            store.mailboxes()
                    .all()
                    .forEach(mailbox ->
                            call(() -> subscriber.subscribe(mailbox.id(), SubscribeReason.INITIAL), callers));
            letTimePass(mailboxes, () -> subscriber.budgets().get("onprem"));
            assertThat(store.mailboxes().all())
                    .allMatch(mailbox -> mailbox.live().isPresent());
        }
        exchangeWasLeftAlone(mailboxes);
    }

    private void exchangeWasLeftAlone(int mailboxes) {
        var early = exchange.sent().stream().filter(FREE::isAfter).toList();
        assertThat(early).hasSizeLessThanOrEqualTo(FIRST_FEW).allMatch(START.plusSeconds(1)::isAfter);
        assertThat(exchange.sent()).hasSize(mailboxes + early.size());
        assertThat(exchange.granted()).hasSize(mailboxes);
        assertThat(exchange.maxInFlight()).isEqualTo(LIMITS.concurrency());
        for (var first = 0; first + LIMITS.requestsPerSecond() < exchange.sent().size(); first++) {
            var after = exchange.sent().get(first + LIMITS.requestsPerSecond());
            assertThat(after).isAfterOrEqualTo(exchange.sent().get(first).plusSeconds(1));
        }
    }

    /// Advances the time whenever all running callers wait for a turn or for a response.
    private void letTimePass(int mailboxes, Supplier<ConnectionBudget> budget) throws InterruptedException {
        while (subscribed.get() < mailboxes && failure.get().isEmpty()) {
            if (inside.get() > waiting(budget.get()) + exchange.inFlight()) {
                TimeUnit.MICROSECONDS.sleep(50);
            } else {
                time.passNext(Instant.MAX);
            }
        }
        failure.get().ifPresent(cause -> {
            throw new AssertionError("A caller failed.", cause);
        });
    }

    private static long waiting(ConnectionBudget budget) {
        return budget.waiting().values().stream().mapToLong(Long::longValue).sum();
    }

    private static SubscriptionOutcome ask(ConnectionGate gate, MailboxAddress mailbox) throws InterruptedException {
        return switch (gate.send(RequestPriority.SUBSCRIBE, mailbox, new EwsCall.ResolveNames(mailbox.value()))) {
            case SendResult.Answered<?>(EwsResult.Success<?> ignored) -> new SubscriptionOutcome.Subscribed();
            case SendResult.Answered<?>(EwsResult.Refused<?> refused)
            when refused.error() instanceof EwsError.RetryAfter busy ->
                new SubscriptionOutcome.RetryAt(FREE, "", busy.text());
            case SendResult.BackedOff<?> held -> new SubscriptionOutcome.RetryAt(held.until(), "", held.reason());
            case SendResult<?> other -> throw new AssertionError(other);
        };
    }

    /// Retries at the time of the outcome, like the compensator.
    private void call(Callable<SubscriptionOutcome> work, ExecutorService callers) {
        inside.incrementAndGet();
        callers.execute(() -> {
            try {
                switch (work.call()) {
                    case SubscriptionOutcome.Subscribed ignored -> subscribed.incrementAndGet();
                    case SubscriptionOutcome.RetryAt retry ->
                        time.schedule(Duration.between(time.instant(), retry.at()), () -> call(work, callers));
                    case SubscriptionOutcome other -> throw new AssertionError(other);
                }
            } catch (Exception | Error e) {
                failure.set(Optional.of(e));
            } finally {
                inside.decrementAndGet();
            }
        });
    }

    private MailboxSubscriber subscriber(WatermarkStore store) {
        var plan = new GroupSubscriptionConfig(
                "inboxes",
                "onprem",
                List.of(new FolderRef.Distinguished("inbox")),
                Set.of(ChangeKind.NEW_MAIL),
                Duration.ofMinutes(10),
                URI.create("http://listener"));
        return new MailboxSubscriber(
                new SubscriberConfig(
                        List.of(plan),
                        Map.of("onprem", LIMITS),
                        SubscriberTestBed.LIFETIME,
                        SubscriberTestBed.MARGIN,
                        SubscriberTestBed.RETENTION),
                Map.of("onprem", exchange),
                store,
                (attempt, group) -> URI.create("http://listener/" + attempt.mailbox() + "/" + attempt.number()),
                time,
                () -> 0.5,
                time);
    }

    private static Map<MailboxAddress, GroupMembership> addresses(int mailboxes) {
        return IntStream.range(0, mailboxes)
                .mapToObj(number -> new MailboxAddress("m" + number + "@example.com"))
                .collect(Collectors.toMap(Function.identity(), ignored -> new GroupMembership("inboxes", false)));
    }

    private StoreConfig config() {
        return new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, SubscriberTestBed.MARGIN);
    }
}
