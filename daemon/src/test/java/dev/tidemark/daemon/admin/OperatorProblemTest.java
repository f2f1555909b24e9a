package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.admin.OperatorProblem.Kind;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    @Test
    void a_node_that_is_gone_is_a_problem_since_it_was_last_seen() {
        var lastSeen = Instant.parse("2026-11-03T14:30:00Z");
        var node = new ClusterNode("c", "1.0", Instant.EPOCH, lastSeen, Duration.ZERO, false, true, List.of());
        var problem = OperatorProblem.ofGone(node);
        assertThat(problem.since()).contains(lastSeen);
        assertThat(problem.sentence()).startsWith("c gone: the node stopped renewing its leases without a clean stop;");
        assertThat(problem.kind()).isGreaterThan(Kind.SINK).isLessThan(Kind.DEAD_LETTERS);
    }

    private static OperatorProblem problem(String reason, String remedy) {
        return new OperatorProblem(Kind.CONNECTION, "onprem", "unavailable", 1, Optional.empty(), reason, remedy);
    }
}
