package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;

/// What came more than once, held against what may after a kill.
record Repetitions(Story story, List<Long> kills, int inFlight) {
    private static final long SECOND = 1_000_000_000L;

    /// After a kill, what comes again is at most what was under way and what came in the second before. The
    /// tests share a small machine with all that they start, and a write may come late there: after a fifth of
    /// the kills that second may be two.
    void assertFew() {
        var late = 0;
        for (var i = 0; i < kills.size(); i++) {
            var kill = kills.get(i);
            var end = i + 1 < kills.size() ? kills.get(i + 1) : Long.MAX_VALUE;
            var again = between(kill, end);
            assertThat(again)
                    .as("deliveries again after kill " + (i + 1))
                    .isLessThanOrEqualTo(since(kill, 2 * SECOND) + inFlight);
            late += again > since(kill, SECOND) + inFlight ? 1 : 0;
        }
        assertThat(late)
                .as("kills after which more came again than of the last second")
                .isLessThanOrEqualTo(Math.ceilDiv(kills.size(), 5));
        assertThat(between(Long.MIN_VALUE, kills.isEmpty() ? Long.MAX_VALUE : kills.getFirst()))
                .as("deliveries again before any kill")
                .isZero();
    }

    private long between(long kill, long end) {
        var known = new HashSet<String>();
        return story.deliveries().stream()
                .filter(delivery -> delivery.at() < end)
                .filter(delivery -> !known.add(delivery.id()) && delivery.at() > kill)
                .count();
    }

    private long since(long kill, long nanos) {
        return story.deliveries().stream()
                .filter(delivery -> delivery.at() <= kill && kill - delivery.at() <= nanos)
                .count();
    }
}
