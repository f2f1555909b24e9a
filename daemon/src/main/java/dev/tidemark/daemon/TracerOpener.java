package dev.tidemark.daemon;

import dev.tidemark.daemon.admin.BuildVersion;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.tracing.EventTracer;
import dev.tidemark.tracing.TracerFactory;
import dev.tidemark.tracing.TracerFactory.TracedService;
import java.time.Clock;

/// Opens the tracer of the daemon.
final class TracerOpener {
    private TracerOpener() {}

    /// Returns a tracer without effect, and loads no library, if the configuration has no `tracing`.
    static EventTracer open(TidemarkConfig config, Clock clock) {
        if (config.tracing().isEmpty()) {
            return EventTracer.OFF;
        }
        var service = new TracedService(config.store().instance(), BuildVersion.current());
        // the configuration is invalid without the module
        return new GuardedEventTracer(
                TracerFactory.installed().orElseThrow().open(config.tracing().get(), service, clock));
    }
}
