package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DetailWaitPolicyTest {
    private final JournalEvent event = TestEvents.received(TestEvents.ADA, 7, 1);
    private final MemoryDetails details = new MemoryDetails();
    private final DetailWaitPolicy wait = new DetailWaitPolicy(details, TestEvents.NOW.minusSeconds(3600));

    @Test
    void a_thin_event_never_waits() {
        details.wanted = false;
        assertThat(wait.checkAgainAt(event, TestEvents.NOW)).isEmpty();
    }

    @Test
    void what_is_settled_goes_at_once() {
        details.save(Map.of(event.position(), new ItemDetail.NotFound()));
        assertThat(wait.checkAgainAt(event, TestEvents.NOW)).isEmpty();
    }

    @Test
    void checks_become_rarer_with_age() {
        assertThat(wait.checkAgainAt(event, TestEvents.NOW)).contains(TestEvents.NOW.plusMillis(100));
        var later = TestEvents.NOW.plusSeconds(4);
        assertThat(wait.checkAgainAt(event, later)).contains(later.plusSeconds(2));
        var muchLater = TestEvents.NOW.plusSeconds(40);
        assertThat(wait.checkAgainAt(event, muchLater)).contains(muchLater.plusSeconds(5));
    }

    @Test
    void after_a_minute_it_is_settled_for_good_that_it_goes_without() {
        var almost = TestEvents.NOW.plusSeconds(58);
        assertThat(wait.checkAgainAt(event, almost)).contains(TestEvents.NOW.plusSeconds(60));
        assertThat(wait.checkAgainAt(event, TestEvents.NOW.plusSeconds(60))).isEmpty();
        assertThat(details.find(event.position())).contains(new ItemDetail.Unavailable());
        details.save(Map.of(event.position(), new ItemDetail.NotFound()));
        assertThat(details.find(event.position())).contains(new ItemDetail.Unavailable());
    }

    @Test
    void what_was_journalled_before_a_restart_has_its_minute_from_there() {
        var restarted = new DetailWaitPolicy(details, TestEvents.NOW.plus(Duration.ofHours(1)));
        assertThat(restarted.checkAgainAt(event, TestEvents.NOW.plus(Duration.ofHours(1))))
                .isPresent();
    }

    @Test
    void so_has_what_lies_in_the_future_because_the_clock_was_set_back_before_it() {
        var startedAt = TestEvents.NOW.minus(Duration.ofDays(40));
        var restarted = new DetailWaitPolicy(details, startedAt);
        assertThat(restarted.checkAgainAt(event, startedAt)).contains(startedAt.plusMillis(100));
        assertThat(restarted.checkAgainAt(event, startedAt.plusSeconds(60))).isEmpty();
    }

    @Test
    void the_words_of_a_detail_are_those_of_the_contract() {
        var rendered = new String(
                new CloudEventRenderer("gw1").render(event, new ItemDetail.Unavailable()),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(rendered).endsWith("\"wellKnown\":\"inbox\"},\"detail\":\"unavailable\"}}");
        var pending = new String(
                new CloudEventRenderer("gw1").renderForDisplay(event, details),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(pending).contains("\"detail\":\"pending\"");
    }

    private static final class MemoryDetails implements ItemDetailStore {
        private final Map<JournalPosition, ItemDetail> settled = new HashMap<>();
        private boolean wanted = true;

        @Override
        public void setGroups(Set<String> groups) {}

        @Override
        public boolean wantsDetail(JournalEvent event) {
            return wanted;
        }

        @Override
        public Optional<JournalPosition> oldestWanted() {
            return Optional.empty();
        }

        @Override
        public Optional<ItemDetail> find(JournalPosition position) {
            return Optional.ofNullable(settled.get(position));
        }

        @Override
        public void save(Map<JournalPosition, ItemDetail> details) {
            details.forEach(settled::putIfAbsent);
        }
    }
}
