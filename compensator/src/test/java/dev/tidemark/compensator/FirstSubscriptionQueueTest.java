package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.MailboxId;
import org.junit.jupiter.api.Test;

final class FirstSubscriptionQueueTest {
    private static final MailboxId ADA = CompensatedMailboxes.id(2);
    private static final MailboxId BOB = CompensatedMailboxes.id(3);
    private static final MailboxId EVE = CompensatedMailboxes.id(4);

    private final FirstSubscriptionQueue queue = new FirstSubscriptionQueue(ignored -> 1);

    @Test
    void a_connection_at_its_limit_does_not_delay_another() {
        queue.add("onprem", ADA);
        queue.add("onprem", BOB);
        queue.add("online", EVE);
        assertThat(queue.poll("onprem")).contains(ADA);
        queue.onStarted("onprem", ADA);
        assertThat(queue.poll("onprem")).isEmpty();
        assertThat(queue.poll("online")).contains(EVE);
        queue.onEnded(ADA);
        assertThat(queue.poll("onprem")).contains(BOB);
    }

    @Test
    void a_mailbox_that_waits_keeps_its_place() {
        queue.add("onprem", ADA);
        queue.add("onprem", BOB);
        queue.add("onprem", ADA);
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.contains(ADA)).isTrue();
        assertThat(queue.poll("onprem")).contains(ADA);
        assertThat(queue.contains(ADA)).isFalse();
    }

    @Test
    void a_mailbox_that_waits_moves_with_its_group() {
        queue.add("onprem", ADA);
        queue.add("online", EVE);
        queue.add("online", ADA);
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.connections()).containsExactly("online");
        assertThat(queue.poll("onprem")).isEmpty();
        assertThat(queue.poll("online")).contains(EVE);
        assertThat(queue.poll("online")).contains(ADA);
        assertThat(queue.size()).isZero();
    }

    @Test
    void the_end_of_another_repair_makes_no_room() {
        queue.add("onprem", ADA);
        queue.onStarted("onprem", BOB);
        queue.onEnded(EVE);
        assertThat(queue.poll("onprem")).isEmpty();
        assertThat(queue.connections()).containsExactly("onprem");
    }
}
