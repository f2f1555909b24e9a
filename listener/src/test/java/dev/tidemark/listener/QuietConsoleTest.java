package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Checks that bad input is counted and never appears on the console.
class QuietConsoleTest {
    private static final Duration IDLE = Duration.ofMillis(400);
    private static final String HEAD =
            "POST " + RunningListener.path() + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n";
    private static final List<String> BAD = List.of(
            "garbage\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001",
            "GET / HTTP/9.9\r\n\r\n",
            "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n",
            HEAD + "Content-Length: -1\r\n\r\n",
            HEAD + "Content-Length: 99999999999999999999\r\n\r\n",
            HEAD + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n<a",
            HEAD + "Content-Length: 5\r\n\r\nhello",
            HEAD + "Content-Length: 999\r\n\r\nhello",
            HEAD + "Content-Length: 9999999\r\n\r\nhello",
            HEAD + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
            "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
            "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n");

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();

    @BeforeEach
    void attachAppender() {
        logged.start();
        root.setLevel(Level.INFO);
        root.addAppender(logged);
    }

    @AfterEach
    void detachAppender() {
        root.detachAppender(logged);
        root.setLevel(before);
    }

    @Test
    void nothing_that_a_client_sends_reaches_the_console() {
        try (var running = new RunningListener(s -> {
            s.idle = IDLE;
            return s;
        })) {
            for (var bad : BAD) {
                sendAndLeave(running, bad);
                sendAndStay(running, bad);
            }
            await().until(() -> running.listener.counters().inFlight() == 0);
            await().until(() ->
                    running.isRespondedOk(CallbackBodies.newMail("w1", "w2", "item-1"), IDLE, System.nanoTime()));
            assertThat(running.listener.counters().faults()).isZero();
            assertThat(running.listener.counters().refused().get("protocol")).isPositive();
        }
        assertThat(logged.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
        assertThat(logged.list).noneMatch(event -> event.getThrowableProxy() != null);
    }

    private static void sendAndLeave(RunningListener running, String bad) {
        try (var raw = running.raw()) {
            raw.send(bad);
        }
    }

    /// Checks that the connection ends within the idle timeout, with any response.
    private static void sendAndStay(RunningListener running, String bad) {
        try (var raw = running.raw()) {
            raw.send(bad);
            for (var response = raw.response(); !response.isEmpty(); response = raw.response()) {
                assertThat(response)
                        .matches("(?s)HTTP/1.1 [45]\\d\\d .*")
                        .doesNotContain("Exception", "\tat ", "Jetty");
            }
        }
    }
}
