package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.listener.ListenerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests a stop during the start.
class DaemonRunnerTest {
    @TempDir
    Path folder;

    private final DaemonRunner run = new DaemonRunner();
    private final AtomicReference<Thread> stopping = new AtomicReference<>();
    private int port;

    /// Chooses a port below the kernel's range for outgoing connections, so that no other process takes it.
    @BeforeEach
    void choosePort() {
        port = new Random()
                .ints(10_000, 15_000)
                .filter(candidate -> !taken(candidate))
                .findFirst()
                .orElseThrow();
    }

    private TidemarkConfig config() throws IOException {
        var text = TestDaemonConfig.TEXT.replace("{ bind: '127.0.0.1:0', pub", "{ bind: '127.0.0.1:" + port + "', pub");
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        return TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
    }

    private boolean taken() {
        return taken(port);
    }

    private static boolean taken(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /// Clock that requests the stop during the start, between the opening of the listener and the end of the
    /// start.
    private final class StoppingClock extends Clock {
        @Override
        public Instant instant() {
            if (!run.isStopping() && taken()) {
                var stop = Thread.ofVirtual().unstarted(run::stop);
                if (stopping.compareAndSet(null, stop)) {
                    stop.start();
                }
                // also for concurrent calls
                Awaitility.await().until(run::isStopping);
            }
            return Clock.systemUTC().instant();
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void a_daemon_that_accepts_callbacks_is_drained_and_closed() throws Exception {
        var daemon = run.start(config(), DaemonClocks.of(new StoppingClock()));

        assertThat(run.isStopping()).isTrue();
        assertThat(daemon.awaitEnd()).isEmpty();
        stopping.get().join(Duration.ofMinutes(1));
        assertThat(taken()).isFalse();
    }

    @Test
    void a_daemon_without_callbacks_aborts_its_start() throws IOException {
        var stop = Thread.ofVirtual().start(run::stop);
        Awaitility.await().until(run::isStopping);

        assertThatThrownBy(() -> run.start(config(), DaemonClocks.of(Clock.systemUTC())))
                .isInstanceOf(StartAbortedException.class);

        Awaitility.await().until(() -> !stop.isAlive());
        assertThat(taken()).isFalse();
        // fails if the first daemon still holds the store
        TidemarkDaemon.start(config(), Clock.systemUTC()).close();
    }

    @Test
    void one_that_could_not_start_did_not_stop_in_order() throws IOException {
        try (var other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(() -> run.start(config(), DaemonClocks.of(Clock.systemUTC())))
                    .isInstanceOf(ListenerException.class);
        }

        assertThatThrownBy(run::stop).hasCauseInstanceOf(ListenerException.class);
    }
}
