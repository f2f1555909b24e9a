package dev.tidemark.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The runs would notice these faults: a suite that nothing can fail proves nothing.
@Isolated("a mutation is in the whole JVM")
final class TeethTest {
    private static final int MOST_SEEDS = 150;

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void a_daemon_with_this_fault_is_found_out(Mutation mutation) {
        try (var undo = mutation.apply()) {
            assertThat(undo).isNotNull();
            var found = firstFaults(mutation);
            assertThat(found).as("no seed up to %s noticed it", MOST_SEEDS).isNotEmpty();
            System.out.println("Mutation " + mutation + ": " + found.getFirst());
        }
    }

    private static List<String> firstFaults(Mutation mutation) {
        var found = new ArrayList<String>();
        for (var seed = 1; seed <= MOST_SEEDS && found.isEmpty(); seed++) {
            try (var history = new History(seed, mutation)) {
                for (var fault : history.run(Duration.ofDays(21))) {
                    found.add("seed " + seed + ", " + fault);
                }
            }
        }
        return found;
    }
}
