package dev.tidemark.benchmarks.server;

/// Decides when requests are due.
public interface LoadSchedule {
    long NOT_YET = Long.MAX_VALUE;

    /// Returns the due time of the next request and counts it as sent, or returns [#NOT_YET].
    long poll(long now);

    /// Returns the due time of the next request, or [#NOT_YET] if there is none.
    long next(long now);

    /// Sends a request after each response: the maximum of a server.
    static LoadSchedule closed(long end) {
        return new LoadSchedule() {
            @Override
            public long poll(long now) {
                return now < end ? now : NOT_YET;
            }

            @Override
            public long next(long now) {
                return poll(now);
            }
        };
    }

    /// Sends at a fixed rate independent of responses. A late request keeps its due time.
    static LoadSchedule open(long start, double perSecond, long requests) {
        return new LoadSchedule() {
            private long sent;

            @Override
            public long poll(long now) {
                var due = next(now);
                if (due > now) {
                    return NOT_YET;
                }
                sent++;
                return due;
            }

            @Override
            public long next(long now) {
                return sent == requests ? NOT_YET : start + (long) (sent * 1e9 / perSecond);
            }
        };
    }
}
