package dev.tidemark.daemon;

import java.time.Clock;

/// The two times of a daemon.
///
/// @param own by which everything is planned and noted
/// @param system what others compare with their own clocks, such as the time in a signature or a login
public record DaemonClocks(Clock own, Clock system) {
    /// A clock that nobody sets.
    public static DaemonClocks of(Clock clock) {
        return new DaemonClocks(clock, clock);
    }

    /// For a clock that may be set while the daemon runs.
    public static DaemonClocks steady(Clock system) {
        return new DaemonClocks(new SlewingClock(system, System::nanoTime), system);
    }
}
