package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MailboxProjectorTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    private final MailboxRecord record = new MailboxRecord(
            new MailboxId("mbx_aaaaaaaaaaaaaaaa"),
            new MailboxAddress("ada@example.com"),
            new GroupMembership("inboxes", false));

    @Test
    void events_report_up_to_the_last_of_them_but_not_beyond_now() {
        record.recordCallback(NOW.minusSeconds(5));
        assertThat(MailboxProjector.reportedUpTo(record, Optional.of(NOW.minusSeconds(30)), NOW))
                .isEqualTo(NOW.minusSeconds(30));
        assertThat(MailboxProjector.reportedUpTo(record, Optional.of(NOW.plusSeconds(3)), NOW))
                .isEqualTo(NOW);
    }

    @Test
    void a_heartbeat_reports_up_to_the_callback_before_it() {
        assertThat(MailboxProjector.reportedUpTo(record, Optional.empty(), NOW)).isEqualTo(NOW);
        record.watermark = Optional.of(new StoredWatermark(new Watermark("w1"), NOW.minusSeconds(60)));
        assertThat(MailboxProjector.reportedUpTo(record, Optional.empty(), NOW)).isEqualTo(NOW.minusSeconds(60));
        record.recordCallback(NOW.minusSeconds(20));
        assertThat(MailboxProjector.reportedUpTo(record, Optional.empty(), NOW)).isEqualTo(NOW.minusSeconds(20));
        // the clock was set back
        record.recordCallback(NOW.plusSeconds(20));
        assertThat(MailboxProjector.reportedUpTo(record, Optional.empty(), NOW)).isEqualTo(NOW.minusSeconds(60));
    }
}
