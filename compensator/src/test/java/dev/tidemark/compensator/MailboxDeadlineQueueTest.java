package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailboxDeadlineQueueTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    private final MailboxDeadlineQueue deadlines = new MailboxDeadlineQueue();

    @Test
    void gives_what_has_come_earliest_first() {
        deadlines.schedule(CompensatedMailboxes.id(1), NOW);
        deadlines.schedule(CompensatedMailboxes.id(2), NOW.minusSeconds(1));
        deadlines.schedule(CompensatedMailboxes.id(3), NOW.plusSeconds(1));
        assertThat(deadlines.pollDue(NOW)).containsExactly(CompensatedMailboxes.id(2), CompensatedMailboxes.id(1));
        assertThat(deadlines.nextDeadline()).contains(NOW.plusSeconds(1));
    }

    @Test
    void mailboxes_of_the_same_time_keep_their_order() {
        var ids = IntStream.range(0, 1000).mapToObj(ManyMailboxes::id).toList();
        ids.forEach(id -> deadlines.schedule(id, NOW));
        assertThat(deadlines.pollDue(NOW)).containsExactlyElementsOf(ids);
    }

    @Test
    void a_later_wish_replaces_an_earlier_one_both_ways() {
        deadlines.schedule(CompensatedMailboxes.id(1), NOW);
        deadlines.schedule(CompensatedMailboxes.id(1), NOW.plusSeconds(9));
        assertThat(deadlines.pollDue(NOW)).isEmpty();
        deadlines.schedule(CompensatedMailboxes.id(1), NOW);
        assertThat(deadlines.pollDue(NOW)).containsExactly(CompensatedMailboxes.id(1));
        assertThat(deadlines.nextDeadline()).isEmpty();
    }

    @Test
    void the_same_wish_twice_is_one() {
        deadlines.schedule(CompensatedMailboxes.id(1), NOW);
        deadlines.schedule(CompensatedMailboxes.id(1), NOW.plusSeconds(9));
        deadlines.schedule(CompensatedMailboxes.id(1), NOW);
        assertThat(deadlines.pollDue(NOW.plusSeconds(9))).containsExactly(CompensatedMailboxes.id(1));
    }
}
