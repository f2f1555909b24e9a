package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.listener.ListenerConfig.MaxConnections;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Checks the limits of open connections on a running listener.
@Timeout(120)
final class ConnectionLimitTest {
    private static final String HEALTH = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

    private static final int KEPT = 200;

    /// Longer than any of these tests takes, so that only the limits end connections.
    private static final Duration IDLE = Duration.ofMinutes(5);

    private static RunningListener.Settings settings(int total, int perAddress, String... proxies) {
        var settings = new RunningListener.Settings();
        settings.idle = IDLE;
        settings.proxies = List.of(proxies);
        settings.connections = new MaxConnections(total, perAddress);
        return settings;
    }

    private static RunningListener limited(int total, int perAddress, String... proxies) {
        return new RunningListener(ignored -> settings(total, perAddress, proxies));
    }

    private static void assertServed(RawClient client) {
        assertThat(client.send(HEALTH).response()).startsWith("HTTP/1.1 200 ");
    }

    private static long refused(RunningListener running) {
        return Optional.ofNullable(running.listener.counters().refused().get("connections"))
                .orElseThrow();
    }

    @Test
    void a_client_at_its_limit_loses_its_longest_idle_connection_to_a_new_one() {
        try (var running = limited(100, 2);
                var first = running.raw()) {
            assertServed(first);
            try (var second = running.raw();
                    var third = running.raw()) {
                assertServed(second);
                assertServed(third);
                assertThat(first.isClosedByPeer()).isTrue();
                assertServed(second);
                assertThat(refused(running)).isEqualTo(1);
                await().until(() -> running.listener.counters().connections() == 2);
            }
            await().until(() -> running.listener.counters().connections() == 0);
            try (var later = running.raw()) {
                assertServed(later);
            }
            assertThat(refused(running)).isEqualTo(1);
        }
    }

    @Test
    void a_kept_connection_takes_less_memory_than_the_limit_assumes() {
        var clients = new ArrayList<RawClient>();
        try (var running = limited(KEPT, KEPT)) {
            var before = usedHeap();
            for (var i = 0; i < KEPT; i++) {
                var client = running.raw();
                clients.add(client);
                assertServed(client);
                assertServed(client);
            }
            assertThat((usedHeap() - before) / KEPT).isLessThan(ConnectionCapacity.BYTES_PER_CONNECTION / 2);
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void a_trusted_proxy_may_open_as_many_as_there_are() {
        try (var running = limited(100, 1, "127.0.0.1");
                var first = running.raw();
                var second = running.raw();
                var third = running.raw()) {
            assertServed(first);
            assertServed(second);
            assertServed(third);
            assertThat(refused(running)).isZero();
        }
    }

    @Test
    void beyond_the_total_a_client_is_served_once_another_ends() {
        try (var running = limited(2, 100);
                var first = running.raw()) {
            assertServed(first);
            try (var second = running.raw()) {
                assertServed(second);
                // the acceptor may take one connection more, and closes it
                try (var third = running.raw()) {
                    third.trySend(HEALTH);
                    assertThat(running.listener.counters().connections()).isEqualTo(2);
                }
                assertServed(first);
            }
            await().until(() -> {
                try (var later = running.raw()) {
                    return later.trySend(HEALTH) && later.response().startsWith("HTTP/1.1 200 ");
                }
            });
        }
    }

    @Test
    void slow_clients_that_hold_all_connections_are_ended_and_others_served() {
        try (var running = new RunningListener(ignored -> {
                    var settings = settings(2, 100);
                    settings.idle = Duration.ofMillis(600);
                    return settings;
                });
                var first = running.raw();
                var second = running.raw()) {
            first.send("POST / HTTP/1.1\r\nX: ");
            second.send("POST / HTTP/1.1\r\nX: ");
            await().until(() -> {
                first.trySend("x");
                second.trySend("x");
                try (var other = running.raw()) {
                    return other.trySend(HEALTH) && other.response().startsWith("HTTP/1.1 200 ");
                }
            });
        }
    }

    @Test
    void other_limits_hold_for_the_next_connections() {
        try (var running = limited(100, 1);
                var first = running.raw()) {
            assertServed(first);
            running.listener.prepare(settings(100, 2).config()).run();
            try (var second = running.raw();
                    var third = running.raw()) {
                assertServed(second);
                assertServed(third);
                assertThat(first.isClosedByPeer()).isTrue();
                assertServed(second);
            }
        }
    }

    @Test
    void a_silent_client_makes_room_for_its_next_connection() {
        try (var running = limited(100, 1)) {
            try (var silent = running.raw()) {
                await().until(() -> {
                    try (var other = running.raw()) {
                        return other.trySend(HEALTH) && other.response().startsWith("HTTP/1.1 200 ");
                    }
                });
                assertThat(silent.isClosedByPeer()).isTrue();
            }
        }
    }
}
