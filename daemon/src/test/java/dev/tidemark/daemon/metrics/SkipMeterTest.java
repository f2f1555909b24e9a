package dev.tidemark.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SkippedParts;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SkipMeterTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress EVE = new MailboxAddress("eve@example.com");

    private final SkipMeter meter = new SkipMeter();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(SkipMeter.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
    }

    @Test
    void counts_by_operation_and_reason() {
        meter.skipped(ADA, parts("GetItem", SkipReason.MISSING_ID, 2));
        meter.skipped(EVE, parts("GetItem", SkipReason.MISSING_ID, 1));
        meter.skipped(EVE, parts("GetFolder", SkipReason.UNMATCHED, 1));

        assertThat(meter.count(new SkipMeter.Kind("GetItem", SkipReason.MISSING_ID)))
                .isEqualTo(3);
        assertThat(meter.count(new SkipMeter.Kind("GetFolder", SkipReason.UNMATCHED)))
                .isEqualTo(1);
        assertThat(meter.count(new SkipMeter.Kind("GetFolder", SkipReason.MISSING_ID)))
                .isZero();
    }

    @Test
    void logs_each_kind_once_for_each_mailbox() {
        for (var time = 0; time < 3; time++) {
            meter.skipped(ADA, parts("GetItem", SkipReason.MISSING_ID, 2));
            meter.skipped(ADA, parts("GetItem", SkipReason.UNREADABLE_VALUE, 1));
            meter.skipped(EVE, parts("GetItem", SkipReason.MISSING_ID, 1));
        }

        assertThat(log.list).hasSize(3);
        assertThat(log.list.getFirst().getFormattedMessage())
                .isEqualTo("Skipped 2 parts of GetItem for ada@example.com (missing-id); counting further ones in"
                        + " tidemark_ews_skipped_total");
    }

    private static SkippedParts parts(String operation, SkipReason reason, int count) {
        return new SkippedParts(operation, Map.of(reason, count));
    }
}
