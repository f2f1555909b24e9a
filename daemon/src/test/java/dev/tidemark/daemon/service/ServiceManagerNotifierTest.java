package dev.tidemark.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Tests the protocol against a real datagram socket, as systemd opens it.
@EnabledOnOs(OS.LINUX)
final class ServiceManagerNotifierTest {
    private static final String READY = "READY=1\nSTATUS=Accepting callbacks";
    private static final String CALL = "WATCHDOG=1";

    @TempDir
    private Path folder;

    @Test
    void without_a_service_manager_nothing_happens() {
        try (var notifier = notifier(Map.of("WATCHDOG_USEC", "1000"))) {
            assertThatCode(() -> notifier.ready(() -> {
                        throw new AssertionError("asked without a service manager");
                    }))
                    .doesNotThrowAnyException();
            notifier.stopping();
        }
    }

    @Test
    void a_manager_that_is_gone_or_an_impossible_address_stops_nothing() {
        var tooLong = "/" + "x".repeat(120);
        for (var address : new String[] {folder.resolve("gone").toString(), tooLong, ""}) {
            try (var notifier = notifier(Map.of("NOTIFY_SOCKET", address))) {
                notifier.ready(Optional::empty);
                notifier.stopping();
            }
        }
    }

    @Test
    void a_start_that_takes_long_has_its_time_limit_extended() {
        try (var manager = NotificationReceiver.in(folder);
                var notifier = notifier(Map.of("NOTIFY_SOCKET", manager.path()))) {
            notifier.starting();
            await().until(() -> manager.messages().contains("EXTEND_TIMEOUT_USEC=90000000"));
            notifier.ready(Optional::empty);
            await().until(() -> manager.messages().contains(READY));
        }
    }

    @Test
    void a_start_that_hangs_is_no_longer_extended_after_the_limit() {
        var interval = Duration.ofMillis(5);
        var limit = new StartTimeLimit(interval, interval.multipliedBy(3));
        var checks = new AtomicInteger();
        try (var manager = NotificationReceiver.in(folder);
                var notifier = notifier(Map.of("NOTIFY_SOCKET", manager.path()))) {
            notifier.starting(interval, () -> {
                checks.incrementAndGet();
                return limit.get();
            });
            await().until(() -> checks.get() >= 6);
            manager.send("mark");
            await().until(() -> manager.messages().contains("mark"));
            assertThat(manager.messages())
                    .filteredOn(message -> message.startsWith("EXTEND_TIMEOUT_USEC="))
                    .hasSize(3);
        }
    }

    @Test
    void the_limit_of_a_start_names_its_remedy() {
        var limit = new StartTimeLimit(Duration.ofSeconds(20), Duration.ofMinutes(1));
        assertThat(List.of(limit.get(), limit.get(), limit.get())).allMatch(Optional::isEmpty);
        assertThat(limit.get())
                .hasValueSatisfying(reason -> assertThat(reason).contains("1 minute", "TimeoutStartSec"));
    }

    @Test
    void readiness_and_stop_are_reported_in_order() {
        try (var manager = NotificationReceiver.in(folder);
                var notifier = notifier(Map.of("NOTIFY_SOCKET", manager.path()))) {
            notifier.ready(Optional::empty);
            notifier.stopping();
            await().until(() -> manager.messages().size() == 2);
            assertThat(manager.messages()).containsExactly(READY, "STOPPING=1\nSTATUS=Stopping");
        }
    }

    @Test
    void an_address_of_the_abstract_namespace_is_reached() {
        try (var manager = NotificationReceiver.at("@tidemark-" + UUID.randomUUID());
                var notifier = notifier(Map.of("NOTIFY_SOCKET", manager.path()))) {
            notifier.ready(Optional::empty);
            await().until(() -> manager.messages().contains(READY));
        }
    }

    @Test
    void the_watchdog_is_called_only_while_the_daemon_works() {
        var obstacle = new AtomicReference<>(Optional.<String>empty());
        var checks = new AtomicInteger();
        try (var manager = NotificationReceiver.in(folder);
                var notifier = notifier(watched(manager))) {
            notifier.ready(() -> {
                checks.incrementAndGet();
                return obstacle.get();
            });
            await().until(() -> manager.messages().stream().filter(CALL::equals).count() >= 2);

            obstacle.set(Optional.of("The store stopped."));
            awaitTwoChecks(checks);
            manager.send("first mark");
            awaitTwoChecks(checks);
            manager.send("second mark");
            await().until(() -> manager.messages().contains("second mark"));
            assertThat(manager.messages()).containsSequence("first mark", "second mark");

            obstacle.set(Optional.empty());
            await().until(() -> manager.messages().getLast().equals(CALL));
        }
    }

    @Test
    void a_check_that_hangs_ends_the_calls() throws InterruptedException {
        var hang = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        try (var manager = NotificationReceiver.in(folder);
                var notifier = notifier(watched(manager))) {
            notifier.ready(() -> {
                entered.countDown();
                awaitUninterrupted(hang);
                return Optional.empty();
            });
            entered.await();
            assertThat(manager.messages()).doesNotContain(CALL);
            hang.countDown();
            await().until(() -> manager.messages().contains(CALL));
        }
    }

    @Test
    void a_watchdog_of_another_process_is_not_called() {
        try (var manager = NotificationReceiver.in(folder)) {
            var variables = new HashMap<>(watched(manager));
            variables.put("WATCHDOG_PID", "1");
            try (var notifier = notifier(variables)) {
                notifier.ready(() -> {
                    throw new AssertionError("not asked");
                });
                notifier.stopping();
                await().until(() -> manager.messages().size() == 2);
                assertThat(manager.messages()).doesNotContain(CALL);
            }
        }
    }

    /// Waits for two more checks: the first may have read the obstacle before it was set.
    private static void awaitTwoChecks(AtomicInteger checks) {
        var before = checks.get();
        await().until(() -> checks.get() >= before + 2);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> watched(NotificationReceiver manager) {
        return Map.of("NOTIFY_SOCKET", manager.path(), "WATCHDOG_USEC", "30000");
    }

    private static ServiceManagerNotifier notifier(Map<String, String> variables) {
        return ServiceManagerNotifier.of(name -> Optional.ofNullable(variables.get(name)));
    }
}
