package dev.tidemark.simulator;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/// Exchange's own clock, which [Fault#CLOCK_OFFSET] sets apart from the real one.
final class OffsetClock extends Clock {
    private final Clock real;
    private final Faults faults;

    OffsetClock(Clock real, Faults faults) {
        this.real = real;
        this.faults = faults;
    }

    @Override
    public Instant instant() {
        return real.instant().plus(faults.clockOffset());
    }

    @Override
    public ZoneId getZone() {
        return real.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new OffsetClock(real.withZone(zone), faults);
    }
}
