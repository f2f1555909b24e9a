package dev.tidemark.subscriber.detail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.subscriber.detail.DetailBacklog.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DetailBacklogTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    private final DetailBacklog backlog = new DetailBacklog();

    private void add(int from, int to) {
        wanted(from, to).forEach(backlog::add);
    }

    private static List<Wanted> wanted(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> Wanted.of(new JournalPosition(number), NOW))
                .toList();
    }

    private List<Long> next(Instant now) {
        return backlog.removeNextBatch(now).stream()
                .map(each -> each.position().value())
                .toList();
    }

    @Test
    void what_failed_and_what_is_new_take_turns_and_neither_starves() {
        add(1, 10);
        var failed = backlog.removeNextBatch(NOW).stream()
                .map(each -> each.failedAt(NOW))
                .toList();
        add(11, 60);
        backlog.requeue(failed);
        assertThat(next(NOW)).as("the others have to wait").startsWith(11L).hasSize(10);
        var later = NOW.plusSeconds(1);
        var turns = List.of(next(later), next(later), next(later));
        assertThat(turns).anyMatch(batch -> batch.contains(1L)).anyMatch(batch -> batch.contains(21L));
    }

    @Test
    void halves_are_asked_for_at_once_and_not_together_with_others() {
        backlog.requeue(
                wanted(1, 10).stream().map(each -> each.withBatchLimit(5)).toList());
        add(11, 13);
        var batches = List.of(next(NOW), next(NOW), next(NOW));
        assertThat(batches).extracting(List::size).containsExactlyInAnyOrder(5, 5, 3);
        assertThat(backlog.size()).isZero();
    }

    @Test
    void an_item_has_failed_alone_only_after_its_own_request() {
        var one = wanted(1, 1).getFirst().failedAt(NOW).failedAt(NOW);
        assertThat(one.failedAlone()).isFalse();
        assertThat(one.withBatchLimit(1).failedAlone()).isFalse();
        assertThat(one.withBatchLimit(1).failedAt(NOW).withBatchLimit(1).failedAlone())
                .isTrue();
    }

    @Test
    void a_mailbox_that_rests_is_asked_for_nothing_new_either() {
        add(1, 1);
        backlog.recordFailure(NOW);
        add(2, 12);
        assertThat(next(NOW)).isEmpty();
        assertThat(backlog.nextDue(NOW)).contains(NOW.plusSeconds(1));
        assertThat(next(NOW.plusSeconds(1))).hasSize(10);
    }

    @Test
    void rests_grow_up_to_eight_seconds_and_end_with_a_success() {
        var now = NOW;
        for (var seconds : List.of(1, 2, 4, 8, 8)) {
            backlog.recordFailure(now);
            assertThat(backlog.nextDue(now)).contains(now.plusSeconds(seconds));
            now = now.plusSeconds(seconds);
        }
        backlog.recordFailure(now);
        backlog.recordSuccess();
        assertThat(backlog.nextDue(now)).isEmpty();
        backlog.recordFailure(now);
        assertThat(backlog.nextDue(now)).contains(now.plusSeconds(1));
    }

    @Test
    void requests_that_fail_together_count_once() {
        backlog.recordFailure(NOW);
        backlog.recordFailure(NOW);
        assertThat(backlog.nextDue(NOW)).contains(NOW.plusSeconds(1));
        backlog.recordFailure(NOW.plusSeconds(1));
        assertThat(backlog.nextDue(NOW.plusSeconds(1))).contains(NOW.plusSeconds(3));
    }

    @Test
    void waits_grow_up_to_eight_seconds() {
        var one = wanted(1, 1).getFirst();
        for (var seconds : List.of(1, 2, 4, 8, 8, 8)) {
            one = one.failedAt(NOW);
            assertThat(one.notBefore()).isEqualTo(NOW.plusSeconds(seconds));
        }
    }

    @Test
    void overdue_events_are_removed_from_both_queues() {
        var patience = new DetailPatience(NOW.minusSeconds(100));
        add(1, 3);
        backlog.requeue(List.of(Wanted.of(new JournalPosition(4), NOW).failedAt(NOW)));
        add(5, 5);
        assertThat(backlog.removeOverdue(patience, NOW.plusSeconds(56))).isEmpty();
        assertThat(backlog.removeOverdue(patience, NOW.plusSeconds(57))).hasSize(5);
        assertThat(backlog.size()).isZero();
        assertThat(backlog.nextDue(NOW.plusSeconds(57))).isEmpty();
    }

    @Test
    void an_event_from_before_a_restart_or_of_a_clock_that_was_ahead_has_its_minute_from_the_start() {
        var patience = new DetailPatience(NOW);
        assertThat(patience.isOver(NOW.minusSeconds(3600), NOW.plusSeconds(56))).isFalse();
        assertThat(patience.isOver(NOW.minusSeconds(3600), NOW.plusSeconds(57))).isTrue();
        assertThat(patience.isOver(NOW.plusSeconds(3600), NOW.plusSeconds(57))).isTrue();
    }
}
