package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.check.ListenerProbe;
import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests the check of the watchdog with a store and a listener that fail.
final class LivenessProbeTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(1);

    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /// Store that works; tests override what fails.
    private static class WorkingIntake implements CallbackIntake {
        @Override
        public List<IntakeOutcome> record(List<VerifiedCallback> batch) {
            return List.of();
        }

        @Override
        public boolean recordRefusal(AttemptId attempt, String sentence) {
            return false;
        }

        @Override
        public boolean accepting() {
            return true;
        }
    }

    private Optional<String> obstacle(CallbackIntake intake, Duration timeout) {
        var address = server.getInetAddress().getHostAddress();
        var listener = new ListenerProbe(address, server.getLocalPort(), false, "/healthz", timeout);
        return new LivenessProbe(intake, listener, () -> 0).obstacle();
    }

    private void respond(String text) {
        Thread.ofVirtual().start(() -> {
            try (var socket = server.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void any_response_of_the_listener_counts_also_that_of_a_stopping_one() {
        respond("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        assertThat(obstacle(new WorkingIntake(), LONG)).isEmpty();
    }

    @Test
    void a_listener_that_accepts_and_says_nothing_is_a_failure() {
        assertThat(obstacle(new WorkingIntake(), SHORT))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("listener").contains(String.valueOf(server.getLocalPort())));
    }

    @Test
    void a_listener_that_handled_requests_meanwhile_need_not_respond() {
        var requests = new AtomicLong();
        var silent = new ListenerProbe(
                server.getInetAddress().getHostAddress(), server.getLocalPort(), false, "/healthz", SHORT);
        var probe = new LivenessProbe(new WorkingIntake(), silent, requests::get);
        requests.set(7);
        assertThat(probe.obstacle()).isEmpty();
        assertThat(probe.obstacle()).isPresent();
    }

    @Test
    void a_listener_that_closes_the_connection_is_a_failure() {
        respond("");
        assertThat(obstacle(new WorkingIntake(), LONG)).isPresent();
    }

    @Test
    void a_full_disk_is_no_reason_for_a_restart() {
        respond("HTTP/1.1 200 OK\r\n\r\n");
        var full = new WorkingIntake() {
            @Override
            public List<IntakeOutcome> record(List<VerifiedCallback> batch) {
                throw new StoreException("The store cannot write because the disk is full; make room.");
            }
        };
        assertThat(obstacle(full, LONG)).isEmpty();
    }

    @Test
    void a_store_that_only_a_restart_repairs_is_named() {
        var behind = new WorkingIntake() {
            @Override
            public boolean needsRestart() {
                return true;
            }

            @Override
            public Optional<String> obstacle() {
                return Optional.of("The store stopped; restart Tidemark.");
            }
        };
        assertThat(obstacle(behind, SHORT)).contains("The store stopped; restart Tidemark.");
    }

    @Test
    void a_commit_that_hangs_keeps_the_check_waiting() {
        respond("HTTP/1.1 200 OK\r\n\r\n");
        var entered = new CountDownLatch(1);
        var hang = new CountDownLatch(1);
        var hanging = new WorkingIntake() {
            @Override
            public List<IntakeOutcome> record(List<VerifiedCallback> batch) {
                entered.countDown();
                try {
                    hang.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return List.of();
            }
        };
        var check = CompletableFuture.supplyAsync(() -> obstacle(hanging, LONG));
        await().until(() -> entered.getCount() == 0);
        assertThat(check).isNotDone();
        hang.countDown();
        await().until(check::isDone);
        assertThat(check).isCompletedWithValue(Optional.empty());
    }
}
