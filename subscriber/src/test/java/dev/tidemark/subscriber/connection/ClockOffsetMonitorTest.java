package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.subscriber.MemoryOffsets;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClockOffsetMonitorTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");

    private final SettableClock time = new SettableClock(START);
    private final ExchangeClock exchangeClock = new ExchangeClock(time);
    private final MemoryOffsets offsets = new MemoryOffsets();
    private final ClockOffsetMonitor monitor = new ClockOffsetMonitor("onprem", exchangeClock, offsets);
    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(ClockOffsetMonitor.class);

    @BeforeEach
    void createMonitor() {
        seen.start();
        log.addAppender(seen);
        log.setAdditive(false);
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void detachAppender() {
        log.detachAppender(seen);
        log.setAdditive(true);
        log.setLevel(null);
    }

    @Test
    void a_store_that_cannot_write_is_logged_once_per_outage() {
        offsets.failing(true);
        respond(50, Duration.ofMinutes(2));
        assertThat(seen.list).map(ILoggingEvent::getLevel).containsExactly(Level.WARN);
        offsets.failing(false);
        respond(50, Duration.ofMinutes(2));
        assertThat(offsets.offsetOf("onprem")).isPresent();
        assertThat(seen.list).map(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);

        offsets.failing(true);
        time.advance(Duration.ofHours(2));
        respond(50, Duration.ofMinutes(4));
        assertThat(seen.list).map(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO, Level.WARN);
    }

    @Test
    void an_offset_that_stays_needs_no_write_and_ends_no_outage_that_it_did_not_see() {
        respond(1, Duration.ofMinutes(2));
        offsets.failing(true);
        respond(50, Duration.ofMinutes(2));
        assertThat(seen.list).isEmpty();
    }

    @Test
    void an_offset_is_remembered_for_the_next_start_while_a_mailbox_may_look_back_to_it() {
        offsets.lookBackTo(START);
        respond(1, Duration.ofHours(-3));
        time.advance(Duration.ofHours(5));
        respond(1, Duration.ZERO);
        assertThat(offsets.offsetOf("onprem").orElseThrow().least()).isGreaterThan(Duration.ofMinutes(-1));
        offsets.restart();
        assertThat(offsets.offsetOf("onprem").orElseThrow().least()).isLessThan(Duration.ofHours(-2));

        time.advance(Duration.ofHours(5));
        respond(1, Duration.ZERO);
        offsets.lookBackTo(time.instant());
        time.advance(Duration.ofHours(5));
        respond(1, Duration.ZERO);
        offsets.restart();
        assertThat(offsets.offsetOf("onprem").orElseThrow().least()).isGreaterThan(Duration.ofMinutes(-1));
    }

    private void respond(int times, Duration ahead) {
        for (var i = 0; i < times; i++) {
            time.advance(Duration.ofSeconds(1));
            exchangeClock.addResponse(time.instant(), time.instant().plus(ahead));
            monitor.check();
        }
    }
}
