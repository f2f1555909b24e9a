package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class AddressConnectionLimiterTest {
    private static final int LIMIT = 2;

    private final AtomicLong now = new AtomicLong();
    private final ListenerStats stats = new ListenerStats();
    private final Set<String> idle = new TreeSet<>();
    private final AddressConnectionLimiter<String> limiter = new AddressConnectionLimiter<>(
            LIMIT, filter("10.9.0.0/16"), stats, new WarningThrottle(now::get), this::closeFirstIdle);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(AddressConnectionLimiter.class);

    @BeforeEach
    void attachAppender() {
        logged.start();
        log.addAppender(logged);
        log.setAdditive(false);
    }

    @AfterEach
    void detachAppender() {
        log.detachAppender(logged);
        log.setAdditive(true);
    }

    private Optional<String> closeFirstIdle(Collection<String> connections) {
        var first = idle.stream().filter(connections::contains).findFirst();
        first.ifPresent(idle::remove);
        return first;
    }

    private static ClientAddressFilter filter(String proxies) {
        return new ClientAddressFilter(AddressRanges.of(List.of()), AddressRanges.of(List.of(proxies)));
    }

    private boolean tryAdd(String connection, String client) {
        return limiter.tryAdd(connection, InetAddress.ofLiteral(client));
    }

    @Test
    void one_address_gets_no_more_than_its_share_and_the_next_gets_its_own() {
        assertThat(tryAdd("a", "192.0.2.1")).isTrue();
        assertThat(tryAdd("b", "192.0.2.1")).isTrue();
        assertThat(tryAdd("c", "192.0.2.1")).isFalse();
        assertThat(tryAdd("d", "192.0.2.2")).isTrue();
        assertThat(stats.snapshot(0, 0).refused()).containsEntry("connections", 1L);
    }

    @Test
    void an_idle_connection_of_the_same_address_makes_room_and_no_other_does() {
        tryAdd("a", "192.0.2.1");
        tryAdd("b", "192.0.2.1");
        tryAdd("c", "192.0.2.2");
        idle.addAll(List.of("b", "c"));
        assertThat(tryAdd("d", "192.0.2.1")).isTrue();
        assertThat(idle).containsExactly("c");
        assertThat(tryAdd("e", "192.0.2.1")).isFalse();
        limiter.remove("b");
        assertThat(tryAdd("f", "192.0.2.1")).isFalse();
        limiter.remove("d");
        assertThat(tryAdd("g", "192.0.2.1")).isTrue();
        assertThat(stats.snapshot(0, 0).refused()).containsEntry("connections", 3L);
    }

    @Test
    void an_ended_connection_leaves_room_for_one_other() {
        tryAdd("a", "192.0.2.1");
        tryAdd("b", "192.0.2.1");
        limiter.remove("a");
        limiter.remove("a");
        limiter.remove("never added");
        assertThat(tryAdd("c", "192.0.2.1")).isTrue();
        assertThat(tryAdd("d", "192.0.2.1")).isFalse();
    }

    @Test
    void the_addresses_of_one_ipv6_network_count_as_one() {
        assertThat(tryAdd("a", "2001:db8:1:2::1")).isTrue();
        assertThat(tryAdd("b", "2001:db8:1:2:ffff::9")).isTrue();
        assertThat(tryAdd("c", "2001:db8:1:2:3::4")).isFalse();
        assertThat(tryAdd("d", "2001:db8:1:3::1")).isTrue();
    }

    @Test
    void a_trusted_proxy_has_no_limit() {
        for (var i = 0; i < 10 * LIMIT; i++) {
            assertThat(tryAdd("c" + i, "10.9.0.7")).isTrue();
        }
        limiter.remove("c0");
        limiter.setLimits(1, filter("10.8.0.0/16"));
        assertThat(tryAdd("d", "10.9.0.7")).isTrue();
        assertThat(tryAdd("e", "10.9.0.7")).isFalse();
    }

    @Test
    void each_address_is_warned_of_once_an_hour_with_the_remedy() {
        for (var i = 0; i < 5; i++) {
            tryAdd("c" + i, "192.0.2.1");
        }
        assertThat(logged.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .contains("192.0.2.1", "listener.trusted-proxies", "listener.max-connections-per-address"));
        now.addAndGet(Duration.ofHours(1).toNanos());
        tryAdd("d", "192.0.2.1");
        assertThat(logged.list).hasSize(2);
    }

    @Test
    void a_thousand_addresses_cannot_fill_the_log() {
        for (var i = 0; i < 1000; i++) {
            var client = "192.0." + i / 250 + "." + i % 250;
            for (var each = 0; each <= LIMIT; each++) {
                tryAdd(client + "/" + each, client);
            }
        }
        assertThat(logged.list).hasSize(20);
        assertThat(stats.snapshot(0, 0).refused()).containsEntry("connections", 1000L);
    }
}
