package dev.tidemark.simulator.fault;

import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Decides when a [SimulatorFault] strikes: at its next occasions, or at random from a seed. Thread-safe.
public final class FaultPlan {
    private final Random random;
    private final Map<SimulatorFault, Map<FaultScope, Integer>> next = new EnumMap<>(SimulatorFault.class);
    private final Map<SimulatorFault, Map<FaultScope, Double>> rates = new EnumMap<>(SimulatorFault.class);
    private final Map<SimulatorFault, Long> struck = new EnumMap<>(SimulatorFault.class);
    private final Map<FaultOccasion, Deque<ScriptedError>> scripted = new HashMap<>();
    private Duration backOff = Duration.ofSeconds(1);
    private Duration clockOffset = Duration.ZERO;
    private boolean proxyDates;

    public FaultPlan(long seed) {
        random = new Random(seed);
    }

    /// Lets the fault strike at its next `times` occasions.
    public FaultPlan next(SimulatorFault fault, int times) {
        return next(fault, FaultScope.ANYWHERE, times);
    }

    /// Lets the fault strike at its next `times` occasions in this mailbox.
    public FaultPlan next(SimulatorFault fault, MailboxAddress mailbox, int times) {
        return next(fault, FaultScope.ANYWHERE.inMailbox(mailbox), times);
    }

    /// Lets the fault strike at its next `times` occasions of this scope.
    public synchronized FaultPlan next(SimulatorFault fault, FaultScope scope, int times) {
        if (fault == SimulatorFault.CLOCK_OFFSET) {
            return clockOffset(FaultValues.clockOffset(scope));
        }
        next.computeIfAbsent(fault, ignored -> new LinkedHashMap<>()).merge(scope, times, Integer::sum);
        return this;
    }

    /// Sets the offset of Exchange's clock from the real one.
    public synchronized FaultPlan clockOffset(Duration offset) {
        clockOffset = offset;
        if (!offset.isZero()) {
            struck.merge(SimulatorFault.CLOCK_OFFSET, 1L, Long::sum);
        }
        return this;
    }

    /// Has a proxy in front of Exchange write the `Date` of each response, by the real clock.
    public synchronized FaultPlan proxyDates(boolean writes) {
        proxyDates = writes;
        return this;
    }

    /// Returns the offset of the `Date` header from the real clock.
    public synchronized Duration dateOffset() {
        return proxyDates ? Duration.ZERO : clockOffset;
    }

    public synchronized Duration clockOffset() {
        return clockOffset;
    }

    /// Answers the next requests of this operation (`Subscribe`, `SyncFolderItems` …) for this mailbox with
    /// `troubles` in turn.
    public synchronized FaultPlan respondWith(String operation, MailboxAddress mailbox, ScriptedError... troubles) {
        scripted.computeIfAbsent(FaultOccasion.of(mailbox, operation), ignored -> new ArrayDeque<>())
                .addAll(List.of(troubles));
        return this;
    }

    /// Scripts the responses to the next requests of this operation, for mailboxes without a scripted response of
    /// their own.
    public synchronized FaultPlan respondWith(String operation, ScriptedError... troubles) {
        scripted.computeIfAbsent(FaultOccasion.ofAnyMailbox(operation), ignored -> new ArrayDeque<>())
                .addAll(List.of(troubles));
        return this;
    }

    public synchronized Optional<ScriptedError> nextError(FaultOccasion occasion) {
        return scriptedFor(occasion)
                .or(() -> occasion.operation().flatMap(name -> scriptedFor(FaultOccasion.ofAnyMailbox(name))));
    }

    private Optional<ScriptedError> scriptedFor(FaultOccasion occasion) {
        return Optional.ofNullable(scripted.get(occasion)).map(Deque::poll);
    }

    /// Lets the fault strike at each occasion with this probability, 0 to 1.
    public FaultPlan rate(SimulatorFault fault, double probability) {
        return rate(fault, FaultScope.ANYWHERE, probability);
    }

    /// Lets the fault strike at each occasion of this scope with this probability, 0 to 1.
    public synchronized FaultPlan rate(SimulatorFault fault, FaultScope scope, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new SimulatorException("A fault's rate is a probability from 0 to 1, not " + probability + ".");
        }
        if (fault == SimulatorFault.CLOCK_OFFSET) {
            return clockOffset(probability == 0 ? Duration.ZERO : FaultValues.clockOffset(scope));
        }
        rates.computeIfAbsent(fault, ignored -> new LinkedHashMap<>()).put(scope, probability);
        return this;
    }

    /// Sets the BackOffMilliseconds of busy responses without a value; zero leaves it out. One second by default.
    public synchronized FaultPlan backOff(Duration duration) {
        backOff = duration;
        return this;
    }

    /// Ends every fault. Earlier effects remain.
    public synchronized void clear() {
        next.clear();
        rates.clear();
        scripted.clear();
        clockOffset = Duration.ZERO;
        proxyDates = false;
    }

    /// Returns how often the fault has struck.
    public synchronized long count(SimulatorFault fault) {
        return struck.getOrDefault(fault, 0L);
    }

    /// Returns the number of scheduled strikes of the fault in this mailbox, without random ones.
    public synchronized int pending(SimulatorFault fault, MailboxAddress mailbox) {
        return next.getOrDefault(fault, Map.of()).entrySet().stream()
                .filter(entry -> entry.getKey().mailbox().equals(Optional.of(mailbox)))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    public synchronized Duration backOff() {
        return backOff;
    }

    public boolean strikes(SimulatorFault fault, FaultOccasion occasion) {
        return inject(fault, occasion).isPresent();
    }

    /// Returns the scope by which the fault strikes now, with its value.
    public synchronized Optional<FaultScope> inject(SimulatorFault fault, FaultOccasion occasion) {
        var found = counted(fault, occasion).or(() -> drawn(fault, occasion));
        if (found.isPresent()) {
            struck.merge(fault, 1L, Long::sum);
        }
        return found;
    }

    private Optional<FaultScope> counted(SimulatorFault fault, FaultOccasion occasion) {
        var counts = next.getOrDefault(fault, Map.of());
        var found = counts.keySet().stream()
                .filter(scope -> scope.covers(occasion) && counts.getOrDefault(scope, 0) > 0)
                .min(Comparator.comparing(scope -> !scope.aimed()));
        found.ifPresent(scope -> counts.merge(scope, -1, Integer::sum));
        return found;
    }

    private Optional<FaultScope> drawn(SimulatorFault fault, FaultOccasion occasion) {
        return rates.getOrDefault(fault, Map.of()).entrySet().stream()
                .filter(entry -> entry.getKey().covers(occasion) && random.nextDouble() < entry.getValue())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
