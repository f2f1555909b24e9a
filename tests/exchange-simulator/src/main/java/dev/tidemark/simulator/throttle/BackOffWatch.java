package dev.tidemark.simulator.throttle;

import dev.tidemark.simulator.soap.SoapFaultException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers the back-offs that were granted, and doubles one if a request comes during it. Thread-safe.
public final class BackOffWatch {
    private static final Duration LONGEST = Duration.ofHours(1);

    private record GrantedBackOff(Duration length, Instant end) {}

    private final Map<String, GrantedBackOff> granted = new ConcurrentHashMap<>();
    private final Clock clock;
    private final boolean growing;

    public BackOffWatch(Clock clock, boolean growing) {
        this.clock = clock;
        this.growing = growing;
    }

    /// Remembers a back-off.
    public void grant(String owner, Duration length) {
        if (growing) {
            granted.put(owner, new GrantedBackOff(length, clock.instant().plus(length)));
        }
    }

    /// Throws [SoapFaultException] with the doubled back-off, which the caller grants, if the last one is not over.
    public void requireOver(String owner) {
        var last = Optional.ofNullable(granted.get(owner))
                .filter(found -> clock.instant().isBefore(found.end()));
        if (last.isEmpty()) {
            granted.remove(owner);
            return;
        }
        var twice = last.get().length().multipliedBy(2);
        var next = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
        throw new SoapFaultException(
                "ErrorServerBusy",
                "The server cannot service this request right now. Try again later.",
                Optional.of(next));
    }

    public void clear() {
        granted.clear();
    }
}
