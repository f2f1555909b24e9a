package dev.tidemark.compensator;

import dev.tidemark.compensator.schedule.TaskScheduler;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/// Test bed with many mailboxes, an Exchange with outages, a real store, and the compensator of a daemon. One
/// thread steps the compensator through simulated time.
final class MassRecoveryTestBed implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration STATUS_FREQUENCY = Duration.ofMinutes(4);
    private static final GroupSubscriptionConfig PLAN = CompensatorTestBed.plan(STATUS_FREQUENCY);
    private static final Duration SWEEP = Duration.ofSeconds(10);

    private final SettableClock clock = new SettableClock(START);
    private final WatermarkStore store;
    private final int mailboxes;
    private final int rate;
    private final Map<MailboxAddress, Instant> live = new HashMap<>();
    private final Map<MailboxAddress, Instant> lastCallbacks = new HashMap<>();
    private final List<Instant> granted = new ArrayList<>();
    private final List<Instant> grantedSilence = new ArrayList<>();
    private final Steps steps = new Steps();
    private boolean away;
    private int subscriptionsGranted;
    private int heartbeats;
    private Optional<Compensator> compensator = Optional.empty();

    MassRecoveryTestBed(Path folder, int mailboxes, int rate) {
        this.mailboxes = mailboxes;
        this.rate = rate;
        this.store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("storm"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
    }

    /// Subscribes all mailboxes, each with a last callback within the last status frequency.
    void subscribeAll() {
        var all = new LinkedHashMap<MailboxAddress, GroupMembership>();
        for (var i = 0; i < mailboxes; i++) {
            all.put(new MailboxAddress("box" + i + "@example.com"), new GroupMembership("inboxes", false));
        }
        store.mailboxes().enrolAll(all);
        var step = STATUS_FREQUENCY.dividedBy(mailboxes);
        for (var mailbox : store.mailboxes().all()) {
            var attempt = store.subscriptions()
                    .begin(mailbox.id(), SubscribeReason.INITIAL, PLAN.fingerprint(), Optional.empty());
            store.subscriptions().confirm(attempt, grant(mailbox.address()), Optional.empty());
            call(List.of(mailbox.address()));
            lastCallbacks.put(mailbox.address(), clock.instant());
            clock.advance(step);
        }
        granted.clear();
        grantedSilence.clear();
    }

    void startDaemon() {
        var subscriber = new MailboxSubscriber(
                new SubscriberConfig(
                        List.of(PLAN),
                        Map.of("onprem", limits()),
                        Duration.ofDays(30),
                        Duration.ofMinutes(15),
                        Duration.ofDays(7)),
                Map.of("onprem", new FickleExchange()),
                store,
                (attempt, group) -> URI.create("https://push.example.com/" + attempt.number()),
                clock);
        compensator = Optional.of(Compensator.start(
                CompensatorTestBed.config(SWEEP, rate),
                subscriber,
                store,
                clock,
                new CompensatorParts.Scheduling(steps::plan, new OnTheSpot())));
    }

    private static ConnectionLimits limits() {
        return new ConnectionLimits(8, 0, true);
    }

    void stopDaemon() {
        compensator.ifPresent(Compensator::close);
        compensator = Optional.empty();
    }

    void forgetSubscriptions() {
        live.clear();
    }

    void exchangeGoes() {
        away = true;
        live.clear();
    }

    void exchangeComes() {
        away = false;
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    Optional<RecoveryProgress> recovery() {
        return compensator.flatMap(Compensator::recovery);
    }

    void run(Duration time) {
        var end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            steps.next(end);
        }
    }

    /// Returns the time until all mailboxes are live.
    Duration runUntilAllLive() {
        var start = clock.instant();
        var limit = start.plus(Duration.ofHours(3));
        while (live.size() < mailboxes && clock.instant().isBefore(limit)) {
            steps.next(limit);
        }
        var took = Duration.between(start, clock.instant());
        run(Duration.ofSeconds(30));
        return took;
    }

    int mostInASecond() {
        var maximum = 0;
        for (int first = 0, last = 0; last < granted.size(); last++) {
            while (!granted.get(first).plusSeconds(1).isAfter(granted.get(last))) {
                first++;
            }
            maximum = Math.max(maximum, last - first + 1);
        }
        return maximum;
    }

    /// Returns the number of grants that followed a grant with a shorter silence.
    long outOfOrder() {
        var latest = Instant.MIN;
        var count = 0L;
        for (var silence : grantedSilence) {
            if (silence.isBefore(latest)) {
                count++;
            }
            latest = silence.isAfter(latest) ? silence : latest;
        }
        return count;
    }

    private SubscribeResult grant(MailboxAddress mailbox) {
        live.put(mailbox, clock.instant());
        granted.add(clock.instant());
        grantedSilence.add(lastCallbacks.getOrDefault(mailbox, Instant.MIN));
        return new SubscribeResult(new SubscriptionId("s" + subscriptionsGranted++), Optional.of(new Watermark("w0")));
    }

    /// Sends a heartbeat of each mailbox. Heartbeats move the watermark (docs/exchange.md); an unchanged
    /// watermark would be a sign of a database that went back.
    private void call(List<MailboxAddress> addresses) {
        var calls = new ArrayList<VerifiedCallback>();
        for (var address : addresses) {
            var mailbox = store.mailboxes().find(address).orElseThrow();
            var mark = mailbox.watermark().orElseThrow().value();
            var body = new Notification(
                    mailbox.subscriptionId().orElseThrow(),
                    Optional.of(mark),
                    false,
                    List.of(new StatusEvent(Optional.of(new Watermark("h" + ++heartbeats)))));
            calls.add(new VerifiedCallback(
                    mailbox.live().orElseThrow(), new SendNotification(List.of(body)), clock.instant(), "192.0.2.1"));
            live.put(address, clock.instant());
        }
        store.intake().record(calls);
    }

    /// Sends the due heartbeats and the first callbacks of new subscriptions.
    private void heartbeats() {
        var due = live.entrySet().stream()
                .filter(each -> !each.getValue().plus(STATUS_FREQUENCY).isAfter(clock.instant()))
                .map(Map.Entry::getKey)
                .toList();
        if (!due.isEmpty()) {
            call(due);
        }
    }

    @Override
    public void close() {
        stopDaemon();
        store.close();
    }

    /// Grants every request, except during an outage.
    private final class FickleExchange implements EwsClient {
        @Override
        @SuppressWarnings("unchecked")
        public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
            if (away) {
                return new EwsResult.Refused<>(new EwsError.RetryAfter(
                        new ResponseCode("ConnectionRefused"), "Connection refused.", Optional.empty()));
            }
            if (call instanceof EwsRequest.SubscribePush) {
                return new EwsResult.Success<>((R) grant(mailbox));
            }
            throw new AssertionError("Unexpected call: " + call);
        }

        @Override
        public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
            throw new AssertionError("Unexpected stream.");
        }

        @Override
        public void close() {}
    }

    /// Runs the due tasks, and moves the clock in between.
    private final class Steps implements TaskScheduler {
        private final Set<String> woken = new HashSet<>();
        private final Map<String, Instant> due = new HashMap<>();
        private List<TaskScheduler.Task> tasks = List.of();

        TaskScheduler plan(List<TaskScheduler.Task> planned) {
            tasks = planned;
            due.clear();
            tasks.forEach(task -> due.put(task.name(), clock.instant().plus(task.first())));
            return this;
        }

        void next(Instant end) {
            for (var task : tasks) {
                if (woken.remove(task.name()) || !due.get(task.name()).isAfter(clock.instant())) {
                    due.put(task.name(), clock.instant().plus(task.every()));
                    task.work().run();
                    return;
                }
            }
            var next = due.values().stream().min(Instant::compareTo).orElse(end);
            clock.advance(Duration.between(clock.instant(), next.isAfter(end) ? end : next));
            heartbeats();
        }

        @Override
        public void start() {}

        @Override
        public void wakeNow(String task) {
            woken.add(task);
        }

        @Override
        public void wakeIn(String task, Duration delay) {
            due.merge(task, clock.instant().plus(delay), (one, other) -> one.isBefore(other) ? one : other);
        }

        @Override
        public void close() {}
    }

    /// Runs everything in the caller's thread.
    private static final class OnTheSpot extends AbstractExecutorService {
        private boolean shut;

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {
            shut = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shut = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shut;
        }

        @Override
        public boolean isTerminated() {
            return shut;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
