package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/// Compares repeated deliveries with the number that a kill permits: the requests in flight and the events of
/// the second before. Only time with deliveries counts towards that second. A disk or machine that stalls while
/// a position is written would make deliveries before it arbitrarily old, so a fifth of the kills may repeat more.
/// A run shorter than that second may have saved nothing of the backlog from the run before.
final class DuplicateBudget {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long STALL = Duration.ofMillis(100).toNanos();

    private final List<ReceivedRequest> deliveries;
    private final List<Long> kills;
    private final int inFlight;

    /// Repetitions after one kill.
    ///
    /// @param again repeated deliveries until the next kill
    /// @param second deliveries in the second before it, by the clock
    /// @param allowed permitted repetitions
    private record AfterKill(long again, long second, long allowed) {
        boolean isTooMuch() {
            return again > allowed;
        }

        /// Returns whether the result depends on the excluded stalls and short runs.
        boolean isMoreThanOfTheSecond(int inFlight) {
            return again > second + inFlight;
        }

        @Override
        public String toString() {
            return again + " of " + second + "/" + allowed;
        }
    }

    DuplicateBudget(DeliveryHistory story, List<Long> kills, int inFlight) {
        this.deliveries = story.deliveries().stream()
                .sorted(Comparator.comparingLong(ReceivedRequest::at))
                .toList();
        this.kills = List.copyOf(kills);
        this.inFlight = inFlight;
    }

    void assertFew() {
        var costs = costs();
        print(costs);
        assertThat(costs)
                .as("repetitions of those of the last second / allowed, by kill")
                .filteredOn(AfterKill::isTooMuch)
                .hasSizeLessThanOrEqualTo(costs.size() / 5);
        assertThat(repeated(Long.MIN_VALUE, kills.isEmpty() ? Long.MAX_VALUE : kills.getFirst()))
                .as("deliveries again before any kill")
                .isZero();
    }

    /// Asserts that all repetitions together are permitted, because those of one failure may come after the next.
    void assertFewInTotal() {
        var costs = costs();
        print(costs);
        assertThat((long) new DeliveryHistory(deliveries).repetitions())
                .as("repetitions of all failures")
                .isLessThanOrEqualTo(
                        costs.stream().mapToLong(AfterKill::allowed).sum());
    }

    private List<AfterKill> costs() {
        var costs = new ArrayList<AfterKill>();
        var allowed = 0L;
        for (var i = 0; i < kills.size(); i++) {
            var kill = kills.get(i);
            var life = between(i == 0 ? Long.MIN_VALUE : kills.get(i - 1), kill);
            var recent = recent(life);
            allowed = recent + inFlight + (recent == life.size() ? allowed : 0);
            var again = repeated(kill, i + 1 < kills.size() ? kills.get(i + 1) : Long.MAX_VALUE);
            costs.add(new AfterKill(again, between(kill - SECOND, kill).size(), allowed));
        }
        return costs;
    }

    private void print(List<AfterKill> costs) {
        System.getLogger("figures")
                .log(
                        System.Logger.Level.INFO,
                        "%d kills, %d deliveries, %d again, more than those of the last second after %d; by kill: %s"
                                .formatted(
                                        costs.size(),
                                        deliveries.size(),
                                        costs.stream()
                                                .mapToLong(AfterKill::again)
                                                .sum(),
                                        costs.stream()
                                                .filter(cost -> cost.isMoreThanOfTheSecond(inFlight))
                                                .count(),
                                        costs.stream().map(AfterKill::toString).collect(Collectors.joining(", "))));
    }

    /// Returns the deliveries after `from` and up to `to`.
    private List<ReceivedRequest> between(long from, long to) {
        return deliveries.stream()
                .filter(delivery -> delivery.at() > from && delivery.at() <= to)
                .toList();
    }

    private long repeated(long from, long to) {
        var known = new HashSet<String>();
        return deliveries.stream()
                .filter(delivery -> delivery.at() <= to)
                .filter(delivery -> !known.add(delivery.id()) && delivery.at() > from)
                .count();
    }

    /// Returns the number of last deliveries within a second, excluding stalls.
    private static int recent(List<ReceivedRequest> life) {
        var first = life.size();
        for (var left = SECOND; first > 0 && left >= 0; first--) {
            left -= first == life.size()
                    ? 0
                    : Math.min(life.get(first).at() - life.get(first - 1).at(), STALL);
        }
        return life.size() - first;
    }
}
