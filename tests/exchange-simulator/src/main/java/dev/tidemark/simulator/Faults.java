package dev.tidemark.simulator;

import dev.tidemark.ews.MailboxAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Decides when a [Fault] strikes: the next so many times, or by chance from a seed. May be changed at any
/// time, by any thread.
public final class Faults {
    private final Random random;
    private final Map<Fault, Integer> next = new EnumMap<>(Fault.class);
    private final Map<Target, Integer> aimed = new HashMap<>();
    private final Map<Fault, Double> rates = new EnumMap<>(Fault.class);
    private final Map<Fault, Long> struck = new EnumMap<>(Fault.class);
    private final Map<Occasion, Deque<Trouble>> scripted = new HashMap<>();
    private Duration backOff = Duration.ofSeconds(1);

    Faults(long seed) {
        random = new Random(seed);
    }

    /// Lets the fault strike at its next `times` occasions.
    public synchronized Faults next(Fault fault, int times) {
        next.merge(fault, times, Integer::sum);
        return this;
    }

    /// Lets a fault of push, of Subscribe or of SyncFolderItems strike at its next `times` occasions in this
    /// mailbox. The faults that hit any request ([Fault#BUSY_FAULT], [Fault#BUSY_MESSAGE],
    /// [Fault#UNAVAILABLE], [Fault#UNAUTHORIZED]) know no mailbox.
    public synchronized Faults next(Fault fault, MailboxAddress mailbox, int times) {
        aimed.merge(new Target(fault, mailbox), times, Integer::sum);
        return this;
    }

    /// Answers the next requests of this operation (`Subscribe`, `SyncFolderItems` …) for this mailbox so, one
    /// after the other.
    public synchronized Faults answer(String operation, MailboxAddress mailbox, Trouble... troubles) {
        scripted.computeIfAbsent(new Occasion(operation, mailbox), ignored -> new ArrayDeque<>())
                .addAll(List.of(troubles));
        return this;
    }

    synchronized Optional<Trouble> trouble(String operation, MailboxAddress mailbox) {
        return Optional.ofNullable(scripted.get(new Occasion(operation, mailbox)))
                .map(Deque::poll);
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
        aimed.clear();
        rates.clear();
        scripted.clear();
    }

    /// How often the fault has struck.
    public synchronized long count(Fault fault) {
        return struck.getOrDefault(fault, 0L);
    }

    /// How often the fault is still to strike in this mailbox, chance apart.
    public synchronized int pending(Fault fault, MailboxAddress mailbox) {
        return aimed.getOrDefault(new Target(fault, mailbox), 0);
    }

    synchronized Duration backOff() {
        return backOff;
    }

    /// Whether the fault strikes now, in this mailbox.
    synchronized boolean strikes(Fault fault, MailboxAddress mailbox) {
        if (counted(aimed, new Target(fault, mailbox))) {
            struck.merge(fault, 1L, Long::sum);
            return true;
        }
        return strikes(fault);
    }

    /// Whether the fault strikes now.
    synchronized boolean strikes(Fault fault) {
        var strikes = counted(next, fault) || random.nextDouble() < rates.getOrDefault(fault, 0.0);
        if (strikes) {
            struck.merge(fault, 1L, Long::sum);
        }
        return strikes;
    }

    private static <K> boolean counted(Map<K, Integer> counts, K key) {
        var left = counts.getOrDefault(key, 0);
        if (left > 0) {
            counts.put(key, left - 1);
        }
        return left > 0;
    }

    private record Occasion(String operation, MailboxAddress mailbox) {}

    private record Target(Fault fault, MailboxAddress mailbox) {}
}
