package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.watermark.Detail;
import dev.tidemark.watermark.Details;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DetailWaitTest {
    private final JournalEvent event = Events.received(Events.ADA, 7, 1);
    private final MemoryDetails details = new MemoryDetails();
    private final DetailWait wait = new DetailWait(details, Events.NOW.minusSeconds(3600));

    @Test
    void a_thin_event_never_waits() {
        details.wanted = false;
        assertThat(wait.until(event, Events.NOW)).isEmpty();
    }

    @Test
    void what_is_settled_goes_at_once() {
        details.settle(Map.of(event.position(), new Detail.NotFound()));
        assertThat(wait.until(event, Events.NOW)).isEmpty();
    }

    @Test
    void it_is_looked_after_less_often_the_longer_it_takes() {
        assertThat(wait.until(event, Events.NOW)).contains(Events.NOW.plusMillis(100));
        var later = Events.NOW.plusSeconds(4);
        assertThat(wait.until(event, later)).contains(later.plusSeconds(2));
        var muchLater = Events.NOW.plusSeconds(40);
        assertThat(wait.until(event, muchLater)).contains(muchLater.plusSeconds(5));
    }

    @Test
    void after_a_minute_it_is_settled_for_good_that_it_goes_without() {
        var almost = Events.NOW.plusSeconds(58);
        assertThat(wait.until(event, almost)).contains(Events.NOW.plusSeconds(60));
        assertThat(wait.until(event, Events.NOW.plusSeconds(60))).isEmpty();
        assertThat(details.at(event.position())).contains(new Detail.Unavailable());
        details.settle(Map.of(event.position(), new Detail.NotFound()));
        assertThat(details.at(event.position())).contains(new Detail.Unavailable());
    }

    @Test
    void what_was_journalled_before_a_restart_has_its_minute_from_there() {
        var restarted = new DetailWait(details, Events.NOW.plus(Duration.ofHours(1)));
        assertThat(restarted.until(event, Events.NOW.plus(Duration.ofHours(1)))).isPresent();
    }

    @Test
    void so_has_what_lies_in_the_future_because_the_clock_was_set_back_before_it() {
        var startedAt = Events.NOW.minus(Duration.ofDays(40));
        var restarted = new DetailWait(details, startedAt);
        assertThat(restarted.until(event, startedAt)).contains(startedAt.plusMillis(100));
        assertThat(restarted.until(event, startedAt.plusSeconds(60))).isEmpty();
    }

    @Test
    void the_words_of_a_detail_are_those_of_the_contract() {
        var rendered = new String(
                new CloudEvents("gw1").render(event, new Detail.Unavailable()),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(rendered).endsWith("\"wellKnown\":\"inbox\"},\"detail\":\"unavailable\"}}");
        var pending = new String(new CloudEvents("gw1").show(event, details), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(pending).contains("\"detail\":\"pending\"");
    }

    private static final class MemoryDetails implements Details {
        private final Map<Position, Detail> settled = new HashMap<>();
        private boolean wanted = true;

        @Override
        public void groups(Set<String> groups) {}

        @Override
        public boolean wanted(JournalEvent event) {
            return wanted;
        }

        @Override
        public Optional<Position> oldestWanted() {
            return Optional.empty();
        }

        @Override
        public Optional<Detail> at(Position position) {
            return Optional.ofNullable(settled.get(position));
        }

        @Override
        public void settle(Map<Position, Detail> details) {
            details.forEach(settled::putIfAbsent);
        }
    }
}
