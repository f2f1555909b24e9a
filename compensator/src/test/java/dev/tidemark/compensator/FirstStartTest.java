package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.compensator.schedule.QuartzTaskScheduler;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starts the compensator of a store in files with many mailboxes that were never subscribed. Takes
/// `-Dfirst.mailboxes=2000`.
final class FirstStartTest {
    private static final int COUNT = Integer.getInteger("first.mailboxes", 2000);
    /// twice the limit: the next subscription may start before the thread of an earlier one ends
    private static final int LARGEST_IN_FLIGHT = 2 * 64;

    private final SettableClock clock = new SettableClock(CompensatorTestBed.START);
    private final GrantingExchange exchange = new GrantingExchange();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void many_mailboxes_are_subscribed_once_with_few_in_flight_and_common_commits() {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        try (var store = StoreFactory.open(config, clock)) {
            var memberships = new HashMap<MailboxAddress, GroupMembership>();
            for (var number = 0; number < COUNT; number++) {
                memberships.put(
                        new MailboxAddress("mailbox" + number + "@example.com"), new GroupMembership("inboxes", false));
            }
            store.mailboxes().enrolAll(memberships);
            var commits = store.statistics().syncs().count();
            subscribeAll(store);
            commits = store.statistics().syncs().count() - commits;
            System.getLogger("figures")
                    .log(
                            System.Logger.Level.INFO,
                            COUNT + " mailboxes: " + commits + " commits, at most " + mostRunning + " in flight");
            assertThat(exchange.subscribed).hasSize(COUNT).doesNotHaveDuplicates();
            assertThat(mostRunning.get()).isLessThanOrEqualTo(LARGEST_IN_FLIGHT);
            assertThat(commits).as("each subscription has two changes").isLessThan(2L * COUNT);
        }
    }

    private void subscribeAll(WatermarkStore store) {
        var scheduling = new CompensatorParts.Scheduling(QuartzTaskScheduler::prepare, workers());
        try (var subscriber = subscriber(store);
                var compensator = Compensator.start(
                        CompensatorTestBed.config(Duration.ofSeconds(10), 1), subscriber, store, clock, scheduling)) {
            await().atMost(Duration.ofMinutes(10))
                    .until(() -> compensator.counters().succeeded() == COUNT);
        }
    }

    private MailboxSubscriber subscriber(WatermarkStore store) {
        return new MailboxSubscriber(
                new SubscriberConfig(
                        List.of(CompensatorTestBed.plan()),
                        Map.of("onprem", new ConnectionLimits(8, 0)),
                        Duration.ofDays(30),
                        Duration.ofMinutes(15),
                        Duration.ofDays(7)),
                Map.of("onprem", exchange),
                store,
                (attempt, group) -> URI.create("https://push.example.com/" + attempt.number()),
                clock);
    }

    /// Returns virtual threads, and counts those that run.
    private ExecutorService workers() {
        return Executors.newThreadPerTaskExecutor(task -> Thread.ofVirtual().unstarted(() -> {
            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                task.run();
            } finally {
                running.decrementAndGet();
            }
        }));
    }
}
