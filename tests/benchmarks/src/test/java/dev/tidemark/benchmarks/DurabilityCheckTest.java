package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.MeasuredServer;
import org.junit.jupiter.api.Test;

final class DurabilityCheckTest {
    @Test
    void a_lost_event_a_duplicate_or_a_gap_voids_a_figure() {
        assertThat(proof(10, 0, 0).holds()).isTrue();
        assertThat(proof(9, 0, 0).holds()).isFalse();
        assertThat(proof(11, 0, 0).holds()).isFalse();
        assertThat(proof(10, 1, 0).holds()).isFalse();
        assertThat(proof(10, 0, 1).holds()).isFalse();
        assertThat(proof(9, 0, 0).sentence()).endsWith("VOID.");
    }

    @Test
    void a_server_that_keeps_nothing_has_nothing_to_prove() {
        assertThat(proof(-1, 0, 0).holds()).isTrue();
    }

    private static DurabilityCheck proof(long kept, long duplicates, long gaps) {
        return new DurabilityCheck(
                ComparedServer.TIDEMARK, 100, 10, new MeasuredServer.Account(kept, duplicates, gaps));
    }
}
