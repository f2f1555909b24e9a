package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingResponseTest {
    private static final CallbackResponse OK = CallbackResponse.text(200, "ok");

    private final InFlightLimiter limiter = new InFlightLimiter(new InFlightLimiter.Limits(2, 100, 100));

    private PendingResponse pending(PendingResponse.ResponseSender reply) {
        var permit = limiter.tryAcquire(RunningListener.ADA).orElseThrow();
        assertThat(permit.tryReserveBytes(10)).isTrue();
        return new PendingResponse(reply, permit, 0);
    }

    @Test
    void room_is_given_back_when_the_answer_is_on_its_way() {
        pending((response, sent) -> sent.run()).respond(OK);
        assertThat(limiter.inFlight()).isZero();
    }

    @Test
    void a_reply_that_fails_gives_its_room_back_once_and_harms_no_other() {
        var other = pending((response, sent) -> {});
        pending((response, sent) -> {
                    throw new IllegalStateException("The response is gone.");
                })
                .respond(OK);
        pending((response, sent) -> {
                    sent.run();
                    throw new IllegalStateException("The response is gone.");
                })
                .respond(OK);
        other.respond(OK);
        assertThat(limiter.inFlight()).isEqualTo(1);
    }
}
