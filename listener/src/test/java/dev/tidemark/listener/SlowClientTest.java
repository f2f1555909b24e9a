package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Checks that slow clients are closed, and that other clients do not notice.
class SlowClientTest {
    private static final Duration IDLE = Duration.ofMillis(600);
    private static final String MAIL = CallbackBodies.newMail("w1", "w2", "item-1");

    @Test
    void a_client_that_trickles_its_body_is_closed_while_others_are_served() {
        try (var running = withShortIdleTimeout();
                var slow = running.raw()) {
            slow.send(head(1000));
            var lastRequestAt = new AtomicLong(System.nanoTime());
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                running.isRespondedOk(MAIL, IDLE, lastRequestAt.getAndSet(System.nanoTime()));
                return !slow.trySend("<");
            });
            await().until(() -> running.listener.counters().inFlight() == 0);
            assertThat(running.listener.counters().refused().get("timeout")).isPositive();
        }
    }

    @Test
    void a_client_that_falls_silent_within_its_body_is_closed() {
        try (var running = withShortIdleTimeout();
                var silent = running.raw()) {
            silent.send(head(1000) + "<");
            assertThat(silent.isClosedByPeer()).isTrue();
            await().until(() -> running.listener.counters().inFlight() == 0);
            assertThat(running.listener.counters().refused()).containsEntry("timeout", 1L);
        }
    }

    @Test
    void a_client_that_trickles_its_head_is_closed() {
        try (var running = withShortIdleTimeout();
                var slow = running.raw()) {
            slow.send("POST / HTTP/1.1\r\nX: ");
            await().pollInterval(Duration.ofMillis(50)).until(() -> !slow.trySend("x"));
        }
    }

    @Test
    void a_client_that_says_nothing_is_closed() {
        try (var running = withShortIdleTimeout();
                var silent = running.raw()) {
            assertThat(silent.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_client_that_leaves_within_its_body_gives_its_room_back() {
        try (var running = new RunningListener()) {
            try (var gone = running.raw()) {
                gone.send(head(1000) + "<");
                await().until(() -> running.listener.counters().inFlight() == 1);
            }
            await().until(() -> running.listener.counters().inFlight() == 0);
        }
    }

    @Test
    void waiting_for_the_store_is_no_idleness() {
        // long enough to receive the callback on a stalled machine
        try (var running = withShortIdleTimeout(IDLE.multipliedBy(4));
                var patient = running.raw()) {
            var gate = running.intake.hold();
            patient.send(head(MAIL.length()) + MAIL);
            running.intake.entered.acquireUninterruptibly();
            try (var witness = running.raw()) {
                assertThat(witness.isClosedByPeer()).isTrue();
            }
            try (var witness = running.raw()) {
                assertThat(witness.isClosedByPeer()).isTrue();
            }
            gate.release(1000);
            assertThat(patient.response()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_connection_is_kept_for_the_next_callback() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            for (int i = 0; i < 3; i++) {
                raw.send(head(MAIL.length()) + MAIL);
                assertThat(raw.response()).startsWith("HTTP/1.1 200 ").doesNotContain("Connection: close");
            }
        }
    }

    @Test
    void a_connection_is_closed_where_the_client_wants_it_so() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            raw.send(head(MAIL.length()).replace("Host: x", "Host: x\r\nConnection: close") + MAIL);
            assertThat(raw.response()).startsWith("HTTP/1.1 200 ");
            assertThat(raw.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_client_that_asks_first_gets_100_continue() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            raw.send(head(MAIL.length()).replace("Host: x", "Host: x\r\nExpect: 100-continue"));
            assertThat(raw.response()).startsWith("HTTP/1.1 100 ");
            raw.send(MAIL);
            assertThat(raw.response()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_client_that_asks_first_and_is_refused_gets_no_100_continue() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            raw.send(head(MAIL.length())
                    .replace("Host: x", "Host: x\r\nExpect: 100-continue")
                    .replace("text/xml", "image/png"));
            assertThat(raw.response()).startsWith("HTTP/1.1 415 ").contains("Connection: close");
            assertThat(raw.response()).isEmpty();
        }
    }

    @Test
    void a_head_without_end_is_refused() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            raw.send("POST / HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(40_000) + "\r\n\r\n");
            assertThat(raw.response()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void a_head_with_too_many_headers_is_refused() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            raw.send("POST / HTTP/1.1\r\nHost: x\r\n" + "a:b\r\n".repeat(198) + "\r\n");
            assertThat(raw.response()).startsWith("HTTP/1.1 404 ");
            raw.send("POST / HTTP/1.1\r\nHost: x\r\n" + "a:b\r\n".repeat(250) + "\r\n");
            assertThat(raw.response()).startsWith("HTTP/1.1 431 ");
            assertThat(running.listener.counters().refused()).containsEntry("protocol", 1L);
        }
    }

    /// Fills the buffers of both systems with responses, until the listener's write blocks.
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_client_that_reads_no_response_is_closed() {
        try (var running = withShortIdleTimeout();
                var deaf = running.raw()) {
            var requests = (head(MAIL.length()) + MAIL).repeat(20);
            var isOpen = true;
            while (isOpen) {
                isOpen = deaf.trySend(requests);
            }
            await().until(() -> running.listener.counters().inFlight() == 0);
        }
    }

    private static RunningListener withShortIdleTimeout() {
        return withShortIdleTimeout(IDLE);
    }

    private static RunningListener withShortIdleTimeout(Duration idle) {
        return new RunningListener(s -> {
            s.idle = idle;
            return s;
        });
    }

    private static String head(int length) {
        return "POST " + RunningListener.path() + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: "
                + length + "\r\n\r\n";
    }
}
