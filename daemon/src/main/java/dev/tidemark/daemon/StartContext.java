package dev.tidemark.daemon;

import dev.tidemark.daemon.config.TidemarkConfig;
import java.time.Clock;

/// Settings and clocks of one start of the daemon, and what closes or stops its modules. Must not be kept after the
/// start, because the configuration names all mailboxes.
///
/// @param closer closes each module that is open, last opened first
/// @param stop stops each module that receives or sends
record StartContext(
        TidemarkConfig config,
        ModuleConfigMapper mapper,
        DaemonClocks clocks,
        ResourceCloser closer,
        StopRequest stop) {
    StartContext(TidemarkConfig config, DaemonClocks clocks, ResourceCloser closer, StopRequest stop) {
        this(config, new ModuleConfigMapper(config), clocks, closer, stop);
    }

    /// Returns the clock for schedules and stored timestamps.
    Clock clock() {
        return clocks.own();
    }

    /// Registers a module to be closed.
    <T extends AutoCloseable> T add(T module) {
        return closer.add(module);
    }
}
