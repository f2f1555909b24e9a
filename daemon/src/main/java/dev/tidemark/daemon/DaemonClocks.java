package dev.tidemark.daemon;

import java.time.Clock;

/// Clocks of a daemon.
///
/// @param own clock for schedules and stored timestamps
/// @param system clock for times that other hosts compare with theirs, such as in a signature or a login
public record DaemonClocks(Clock own, Clock system) {
    /// Returns clocks for a source that is never set.
    public static DaemonClocks of(Clock clock) {
        return new DaemonClocks(clock, clock);
    }

    /// Returns clocks for a source that may be set while the daemon runs.
    public static DaemonClocks steady(Clock system) {
        return new DaemonClocks(new SlewingClock(system, System::nanoTime), system);
    }
}
