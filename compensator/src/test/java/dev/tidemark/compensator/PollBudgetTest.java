package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.compensator.PollBudget.Demand;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollBudgetTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    @Test
    void leaves_delays_alone_while_polls_take_half_of_the_rate_or_less() {
        // 3,000 in 300 s are 10 per second, half of 20
        assertThat(PollBudget.stretch(Collections.nCopies(3_000, new Demand(1, FIVE_MINUTES)), 20))
                .isEqualTo(1);
        assertThat(PollBudget.stretch(List.of(), 20)).isEqualTo(1);
    }

    @Test
    void stretches_evenly_by_what_is_too_much() {
        var demands = Collections.nCopies(20_000, new Demand(1, FIVE_MINUTES));

        var stretch = PollBudget.stretch(demands, 20);

        assertThat(stretch).isCloseTo(20_000 / 300.0 / 10, within(1e-9));
        var perSecond = 20_000 / (PollBudget.stretched(FIVE_MINUTES, stretch).toMillis() / 1000.0);
        assertThat(perSecond).isCloseTo(10, within(0.01));
    }

    @Test
    void counts_the_requests_that_a_poll_takes() {
        var one = PollBudget.stretch(Collections.nCopies(6_000, new Demand(1, FIVE_MINUTES)), 20);
        var three = PollBudget.stretch(Collections.nCopies(6_000, new Demand(3, FIVE_MINUTES)), 20);

        assertThat(three).isCloseTo(3 * one, within(1e-9));
    }

    @Test
    void knows_connections_without_a_limit() {
        assertThat(PollBudget.stretch(Collections.nCopies(1_000_000, new Demand(5, Duration.ofSeconds(1))), 0))
                .isEqualTo(1);
    }
}
