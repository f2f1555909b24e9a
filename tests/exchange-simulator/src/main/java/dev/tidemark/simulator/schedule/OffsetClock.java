package dev.tidemark.simulator.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Supplier;

/// Clock of the simulated Exchange or of a proxy; [dev.tidemark.simulator.fault.SimulatorFault#CLOCK_OFFSET] sets
/// it apart from the real one.
public final class OffsetClock extends Clock {
    private final Clock real;
    private final Supplier<Duration> offset;

    public OffsetClock(Clock real, Supplier<Duration> offset) {
        this.real = real;
        this.offset = offset;
    }

    @Override
    public Instant instant() {
        return real.instant().plus(offset.get());
    }

    @Override
    public ZoneId getZone() {
        return real.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new OffsetClock(real.withZone(zone), offset);
    }
}
