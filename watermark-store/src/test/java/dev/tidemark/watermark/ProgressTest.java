package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.MailboxAddress;
import dev.tidemark.ews.Watermark;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    private final Cell cell = new Cell(
            new MailboxId("mbx_aaaaaaaaaaaaaaaa"),
            new MailboxAddress("ada@example.com"),
            new Membership("inboxes", false));

    private static List<Fact> facts(Instant... times) {
        var nothing = new EventData.Lifecycle(Optional.empty(), Map.of());
        return Stream.of(times)
                .map(time -> new Fact(new EventKey(1, 2, 3), "a.type", time, Optional.empty(), nothing))
                .toList();
    }

    @Test
    void events_tell_up_to_the_last_of_them_but_not_beyond_now() {
        cell.heard(NOW.minusSeconds(5));
        assertThat(Progress.toldUpTo(cell, facts(NOW.minusSeconds(40), NOW.minusSeconds(30)), NOW))
                .isEqualTo(NOW.minusSeconds(30));
        assertThat(Progress.toldUpTo(cell, facts(NOW.plusSeconds(3)), NOW)).isEqualTo(NOW);
    }

    @Test
    void a_heartbeat_tells_up_to_the_call_before_it() {
        assertThat(Progress.toldUpTo(cell, facts(), NOW)).isEqualTo(NOW);
        cell.watermark = Optional.of(new StoredWatermark(new Watermark("w1"), NOW.minusSeconds(60)));
        assertThat(Progress.toldUpTo(cell, facts(), NOW)).isEqualTo(NOW.minusSeconds(60));
        cell.heard(NOW.minusSeconds(20));
        assertThat(Progress.toldUpTo(cell, facts(), NOW)).isEqualTo(NOW.minusSeconds(20));
        // the clock was set back
        cell.heard(NOW.plusSeconds(20));
        assertThat(Progress.toldUpTo(cell, facts(), NOW)).isEqualTo(NOW.minusSeconds(60));
    }
}
