package dev.tidemark.simulator;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/// Decides when a [Fault] strikes: the next so many times, or by chance from a seed. May be changed at any
/// time, by any thread.
public final class Faults {
    private final Random random;
    private final Map<Fault, Integer> next = new EnumMap<>(Fault.class);
    private final Map<Fault, Double> rates = new EnumMap<>(Fault.class);
    private final Map<Fault, Long> struck = new EnumMap<>(Fault.class);
    private Duration backOff = Duration.ofSeconds(1);

    Faults(long seed) {
        random = new Random(seed);
    }

    /// Lets the fault strike at its next `times` occasions.
    public synchronized Faults next(Fault fault, int times) {
        next.merge(fault, times, Integer::sum);
        return this;
    }

    /// Lets the fault strike at each occasion with this probability, 0 to 1.
    public synchronized Faults rate(Fault fault, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new SimulatorException("A fault's rate is a probability from 0 to 1, not " + probability + ".");
        }
        rates.put(fault, probability);
        return this;
    }

    /// The BackOffMilliseconds of busy answers; zero leaves it out. One second unless set.
    public synchronized Faults backOff(Duration duration) {
        backOff = duration;
        return this;
    }

    /// Ends every fault; what they did stays done.
    public synchronized void clear() {
        next.clear();
        rates.clear();
    }

    /// How often the fault has struck.
    public synchronized long count(Fault fault) {
        return struck.getOrDefault(fault, 0L);
    }

    synchronized Duration backOff() {
        return backOff;
    }

    /// Whether the fault strikes now.
    synchronized boolean strikes(Fault fault) {
        var strikes = isNext(fault) || random.nextDouble() < rates.getOrDefault(fault, 0.0);
        if (strikes) {
            struck.merge(fault, 1L, Long::sum);
        }
        return strikes;
    }

    private boolean isNext(Fault fault) {
        var left = next.getOrDefault(fault, 0);
        if (left > 0) {
            next.put(fault, left - 1);
        }
        return left > 0;
    }
}
