package dev.tidemark.values;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/// Counts durations in fixed buckets. Any thread records, at the cost of two additions; a scrape of the metrics reads.
/// Thread-safe.
public final class DurationHistogram {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] limits;
    private final LongAdder[] counts;
    /// in seconds, because a sum of nanoseconds overflows after 292 years, which thousands of mailboxes reach
    private final DoubleAdder sum = new DoubleAdder();

    private DurationHistogram(long[] limits) {
        this.limits = limits;
        this.counts = IntStream.rangeClosed(0, limits.length)
                .mapToObj(i -> new LongAdder())
                .toArray(LongAdder[]::new);
    }

    /// Creates a histogram.
    ///
    /// @param limits inclusive upper limits of the buckets in ascending order; longer durations have a last bucket
    public static DurationHistogram of(Duration... limits) {
        return new DurationHistogram(
                Arrays.stream(limits).mapToLong(Duration::toNanos).toArray());
    }

    /// Creates a histogram for operations of half a millisecond to ten seconds.
    public static DurationHistogram ofOperations() {
        return of(
                Duration.ofNanos(500_000),
                Duration.ofMillis(1),
                Duration.ofNanos(2_500_000),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMillis(2500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
    }

    /// Creates a histogram for requests to other servers, of a millisecond to a minute.
    public static DurationHistogram ofRequests() {
        return of(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMillis(2500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1));
    }

    /// Counts one duration; a negative one counts as zero.
    public void record(Duration duration) {
        recordNanos(duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? duration.toNanos() : Long.MAX_VALUE);
    }

    /// Counts one duration in nanoseconds; a negative one counts as zero.
    public void recordNanos(long nanos) {
        var length = Math.max(0, nanos);
        var found = Arrays.binarySearch(limits, length);
        counts[found < 0 ? -found - 1 : found].increment();
        sum.add(length / NANOS_PER_SECOND);
    }

    /// Returns the current counts.
    public Reading reading() {
        return new Reading(
                Arrays.stream(limits)
                        .mapToObj(limit -> limit / NANOS_PER_SECOND)
                        .toList(),
                Arrays.stream(counts).map(LongAdder::sum).toList(),
                sum.sum());
    }

    /// Counts of a histogram at one instant.
    ///
    /// @param limits upper limits of the buckets in seconds, ascending
    /// @param counts durations in each bucket alone; one more than limits, for longer durations
    /// @param seconds sum of all durations
    public record Reading(List<Double> limits, List<Long> counts, double seconds) {
        public Reading {
            limits = List.copyOf(limits);
            counts = List.copyOf(counts);
        }

        /// Returns the number of durations.
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }

        /// Returns the durations that were counted after an earlier reading of the same histogram. A histogram that
        /// began again in between counts from its beginning.
        public Reading since(Reading earlier) {
            if (!limits.equals(earlier.limits) || count() < earlier.count()) {
                return this;
            }
            var added = IntStream.range(0, counts.size())
                    .mapToObj(i -> Math.max(0, counts.get(i) - earlier.counts.get(i)))
                    .toList();
            return new Reading(limits, added, Math.max(0, seconds - earlier.seconds));
        }

        /// Returns the durations of both readings; this one if their limits differ.
        public Reading plus(Reading other) {
            return limits.equals(other.limits)
                    ? new Reading(
                            limits,
                            IntStream.range(0, counts.size())
                                    .mapToObj(i -> counts.get(i) + other.counts.get(i))
                                    .toList(),
                            seconds + other.seconds)
                    : this;
        }

        /// Returns the duration in seconds that a share of all durations does not exceed, interpolated within its
        /// bucket. Durations beyond the last limit count as that limit. Empty without a duration.
        ///
        /// @param share above 0, at most 1
        public OptionalDouble quantile(double share) {
            var wanted = share * count();
            var below = 0L;
            for (var i = 0; i < limits.size() && wanted > 0; i++) {
                var inBucket = counts.get(i);
                if (below + inBucket >= wanted) {
                    var lower = i == 0 ? 0 : limits.get(i - 1);
                    return OptionalDouble.of(lower + (limits.get(i) - lower) * (wanted - below) / inBucket);
                }
                below += inBucket;
            }
            return wanted > 0 ? OptionalDouble.of(limits.get(limits.size() - 1)) : OptionalDouble.empty();
        }
    }
}
