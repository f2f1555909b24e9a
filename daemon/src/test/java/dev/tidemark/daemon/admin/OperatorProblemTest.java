package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.admin.OperatorProblem.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperatorProblemTest {
    @Test
    void one_sentence_joins_texts_that_end_with_a_period_or_not() {
        assertThat(problem("Http401: The server refuses the credentials.", "Correct the connection's auth.")
                        .sentence())
                .isEqualTo("onprem unavailable: Http401: The server refuses the credentials;"
                        + " Correct the connection's auth.");
        assertThat(problem("no room", "make room").sentence()).isEqualTo("onprem unavailable: no room; make room.");
    }

    private static OperatorProblem problem(String reason, String remedy) {
        return new OperatorProblem(Kind.CONNECTION, "onprem", "unavailable", 1, Optional.empty(), reason, remedy);
    }
}
