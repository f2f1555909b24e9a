package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingResponseTest {
    private static final CallbackResponse OK = CallbackResponse.text(200, "ok");

    private final InFlightLimiter room = new InFlightLimiter(2, 100);

    private PendingResponse pending(PendingResponse.ResponseSender reply) {
        assertThat(room.tryAcquire()).isTrue();
        assertThat(room.tryReserveBytes(10)).isTrue();
        return new PendingResponse(reply, room, 10);
    }

    @Test
    void room_is_given_back_when_the_answer_is_on_its_way() {
        pending((answer, sent) -> sent.run()).respond(OK);
        assertThat(room.inFlight()).isZero();
    }

    @Test
    void a_reply_that_fails_gives_its_room_back_once_and_harms_nobody_else() {
        var other = pending((answer, sent) -> {});
        pending((answer, sent) -> {
                    throw new IllegalStateException("The response is gone.");
                })
                .respond(OK);
        pending((answer, sent) -> {
                    sent.run();
                    throw new IllegalStateException("The response is gone.");
                })
                .respond(OK);
        other.respond(OK);
        assertThat(room.inFlight()).isEqualTo(1);
    }
}
