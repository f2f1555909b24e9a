package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Covers jetty/jetty.project #4944: the log did not mention clients with failed TLS handshakes.
class TlsFailuresTest {
    private final AtomicLong now = new AtomicLong();
    private final ListenerStats stats = new ListenerStats();
    private final TlsFailures failures = new TlsFailures(stats, new WarningThrottle(now::get));
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(TlsFailures.class);

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

    @Test
    void each_cause_is_logged_once_an_hour_with_its_remedy() {
        fail("Received fatal alert: certificate_unknown");
        fail("Received fatal alert: certificate_unknown");
        fail("The client supported protocol versions[TLSv1] are not accepted by server preferences");
        fail("Unsupported or unrecognized SSL message");
        assertThat(logged.list)
                .map(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        untrusted -> assertThat(untrusted)
                                .startsWith("TLS with /10.0.0.7:4711 failed: ")
                                .contains("trust the"),
                        old -> assertThat(old).contains("TLS 1.2"),
                        plain -> assertThat(plain).contains("https in public-url"));
        now.addAndGet(Duration.ofHours(1).toNanos());
        fail("Received fatal alert: certificate_unknown");
        assertThat(logged.list).hasSize(4);
        assertThat(stats.snapshot(0, 0).refused()).containsEntry("tls", 5L);
    }

    @Test
    void a_client_without_a_common_curve_gets_the_remedy_for_curves() {
        fail("No common named group");
        assertThat(logged.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .contains("none of the curves x25519, secp256r1", "Enable-TlsEccCurve NistP256")
                .doesNotContain("trust the");
    }

    @Test
    void a_connection_that_is_closed_without_a_word_is_no_failure() {
        fail("closed during handshake");
        assertThat(logged.list).isEmpty();
        assertThat(stats.snapshot(0, 0).refused()).containsEntry("tls", 0L);
    }

    @Test
    void callers_cannot_fill_the_log_or_forge_its_lines() {
        for (var i = 0; i < 1_000; i++) {
            fail("alert " + i + "\n2026-01-01 ERROR all is lost " + "x".repeat(1_000));
        }
        assertThat(logged.list)
                .hasSize(20)
                .allSatisfy(line -> assertThat(line.getFormattedMessage())
                        .doesNotContain("\n")
                        .hasSizeLessThan(500));
    }

    private void fail(String message) {
        failures.record("/10.0.0.7:4711", new SSLHandshakeException(message));
    }
}
