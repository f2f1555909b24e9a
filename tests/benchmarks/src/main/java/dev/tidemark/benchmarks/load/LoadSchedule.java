package dev.tidemark.benchmarks.load;

/// Says when requests are due.
public interface LoadSchedule {
    long NOT_YET = Long.MAX_VALUE;

    /// The moment at which the next request was due, which is then taken for sent, or [#NOT_YET].
    long take(long now);

    /// The moment at which the next request will be due, or [#NOT_YET] where none will.
    long next(long now);

    /// As many as there are answers: what a server can do at most.
    static LoadSchedule closed(long end) {
        return new LoadSchedule() {
            @Override
            public long take(long now) {
                return now < end ? now : NOT_YET;
            }

            @Override
            public long next(long now) {
                return take(now);
            }
        };
    }

    /// So many a second, whether there are answers or not: what is sent late was due when it was due.
    static LoadSchedule open(long start, double perSecond, long requests) {
        return new LoadSchedule() {
            private long sent;

            @Override
            public long take(long now) {
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
