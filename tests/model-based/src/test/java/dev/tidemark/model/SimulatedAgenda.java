package dev.tidemark.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Stream;

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

    private record Entry(Instant at, long order, Runnable work) {}

    private final Map<Actor, Queue<Entry>> entries = new EnumMap<>(Actor.class);
    private Instant now;
    private long order;

    SimulatedAgenda(Instant start) {
        now = start;
        for (var actor : Actor.values()) {
            entries.put(
                    actor, new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::order)));
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
        while (runNext(end, Actor.values())) {
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
        var next = Stream.of(actors)
                .map(this::queue)
                .filter(queue -> !queue.isEmpty())
                .min(Comparator.comparing(
                                (Queue<Entry> queue) -> queue.element().at())
                        .thenComparingLong(queue -> queue.element().order()));
        if (next.isEmpty() || next.get().element().at().isAfter(end)) {
            return false;
        }
        var entry = next.get().remove();
        // work that was due while the daemon waited runs late
        now = entry.at().isAfter(now) ? entry.at() : now;
        entry.work().run();
        return true;
    }

    private Queue<Entry> queue(Actor actor) {
        return entries.getOrDefault(actor, new PriorityQueue<>());
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
