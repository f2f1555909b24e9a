package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.MailboxId;
import org.junit.jupiter.api.Test;

final class InFlightLimiterTest {
    private static final MailboxId ADA = RunningListener.ADA;
    private static final MailboxId BOB = new MailboxId("mbx_7q2m4k7vabcd2344");

    private final InFlightLimiter limiter = new InFlightLimiter(new InFlightLimiter.Limits(4, 100, 60));

    private InFlightLimiter.Permit permit(MailboxId mailbox) {
        return limiter.tryAcquire(mailbox).orElseThrow();
    }

    @Test
    void bodies_of_one_mailbox_leave_room_for_the_others() {
        assertThat(permit(ADA).tryReserveBytes(50)).isTrue();
        assertThat(permit(ADA).tryReserveBytes(11)).isFalse();
        assertThat(permit(BOB).tryReserveBytes(50)).isTrue();
    }

    @Test
    void bodies_of_all_mailboxes_have_a_limit() {
        assertThat(permit(ADA).tryReserveBytes(60)).isTrue();
        assertThat(permit(BOB).tryReserveBytes(41)).isFalse();
    }

    @Test
    void released_bytes_can_be_reserved_again() {
        var first = permit(ADA);
        assertThat(first.tryReserveBytes(40)).isTrue();
        var second = permit(ADA);
        assertThat(second.tryReserveBytes(10)).isTrue();
        first.release();
        assertThat(second.tryReserveBytes(51)).isFalse();
        assertThat(second.tryReserveBytes(50)).isTrue();
        second.release();
        assertThat(limiter.inFlight()).isZero();
    }

    @Test
    void callbacks_have_a_limit() {
        for (var i = 0; i < 4; i++) {
            permit(ADA);
        }
        assertThat(limiter.tryAcquire(BOB)).isEmpty();
    }
}
