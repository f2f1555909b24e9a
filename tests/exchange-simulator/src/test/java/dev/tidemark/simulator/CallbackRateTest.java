package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.tidemark.simulator.throttle.AccountLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Measures callbacks per CPU second of the simulator, and checks the limit of its heap.
@Tag("soak")
class CallbackRateTest {
    private static final int MAILS = 100_000;
    private static final int KEPT = 10_000;
    private static final long BOUND = 64;

    private Process listener;
    private URI url;

    @BeforeEach
    void start() throws IOException {
        listener = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AcknowledgingListener.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var port = new BufferedReader(new InputStreamReader(listener.getInputStream(), StandardCharsets.US_ASCII));
        url = URI.create("http://127.0.0.1:" + port.readLine() + "/");
    }

    @AfterEach
    void stop() {
        listener.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(ints = {SimulatorConfig.Push.UNLIMITED, 1})
    void the_heap_stays_within_a_bound(int perConnection) {
        var config = SimulatorConfig.defaults()
                .withPush(new SimulatorConfig.Push(1, Duration.ofSeconds(20), perConnection))
                .withLimits(AccountLimits.none().withKept(KEPT));
        try (var exchange = SimulatedExchange.start(config, Clock.systemUTC())) {
            exchange.addMailbox("ada@example.com");
            exchange.subscribe(url);
            deliver(exchange, 2 * KEPT);
            var before = heap();
            var start = cpu();
            var first = callbacks(exchange);

            deliver(exchange, MAILS);

            var used = (cpu() - start) / 1e9;
            var after = heap();
            System.out.println(perConnection + " per connection: " + Math.round((callbacks(exchange) - first) / used)
                    + " callbacks per CPU second, " + MAILS + " mails; heap " + before + " MB, then " + after + " MB");
            assertThat(after).isLessThan(before + BOUND);
        }
    }

    private static void deliver(SimulatedExchange exchange, int mails) {
        var goal = exchange.ledger().acknowledgedCount() + mails;
        for (var i = 0; i < mails; i++) {
            exchange.mailbox("ada@example.com").deliver("mail " + i);
            if (i % 200 == 199) {
                var reached = exchange.ledger().deliveredCount() - 400;
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> exchange.ledger().acknowledgedCount() >= reached);
            }
        }
        Awaitility.await().until(() -> exchange.ledger().acknowledgedCount() >= goal);
    }

    private static long callbacks(SimulatedExchange exchange) {
        return exchange.callbacks().after(0).getLast().number();
    }

    private static long cpu() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime();
    }

    /// Returns the used heap in MiB.
    private static long heap() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }
}
