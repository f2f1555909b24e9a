package dev.tidemark.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Time of a model run and its scheduled work. One thread does everything, so a seed always gives the same run.
final class SimulatedAgenda {
    /// Owner of scheduled work.
    enum Actor {
        /// continues while the daemon waits for a response
        EXCHANGE,
        /// forgotten when the daemon dies
        DAEMON,
        /// starts and kills daemons
        OPERATOR
    }

    private record Entry(Instant at, long order, Runnable work) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            var byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final Actor[] ALL = Actor.values();

    private final Map<Actor, Queue<Entry>> entries = new EnumMap<>(Actor.class);
    private Instant now;
    private long order;

    SimulatedAgenda(Instant start) {
        now = start;
        for (var actor : ALL) {
            entries.put(actor, new PriorityQueue<>());
        }
    }

    Instant now() {
        return now;
    }

    void after(Duration delay, Actor actor, Runnable work) {
        queue(actor).add(new Entry(now.plus(delay), order++, work));
    }

    void forget(Actor actor) {
        queue(actor).clear();
    }

    /// Runs everything until `end`.
    void runUntil(Instant end) {
        while (runNext(end, ALL)) {
            // one at a time, because each may schedule more
        }
        now = end;
    }

    /// Lets time pass for a waiting daemon: only Exchange continues meanwhile.
    void letPass(Duration time) {
        var end = now.plus(time);
        while (runNext(end, Actor.EXCHANGE)) {
            // one at a time, because each may schedule more
        }
        now = end;
    }

    private boolean runNext(Instant end, Actor... actors) {
        var first = actors[0];
        for (var actor : actors) {
            first = isEarlier(queue(actor).peek(), queue(first).peek()) ? actor : first;
        }
        var entry = queue(first).peek();
        if (entry == null || entry.at().isAfter(end)) {
            return false;
        }
        queue(first).remove();
        // work that was due while the daemon waited runs late
        now = entry.at().isAfter(now) ? entry.at() : now;
        entry.work().run();
        return true;
    }

    private static boolean isEarlier(@Nullable Entry one, @Nullable Entry other) {
        return one != null && (other == null || one.compareTo(other) < 0);
    }

    private Queue<Entry> queue(Actor actor) {
        return Objects.requireNonNull(entries.get(actor));
    }

    /// Returns a clock that is ahead of the model's time by `skew`.
    Clock clock(Duration skew) {
        return new Clock() {
            @Override
            public Instant instant() {
                return now.plus(skew);
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("The model knows UTC only.");
            }
        };
    }
}
