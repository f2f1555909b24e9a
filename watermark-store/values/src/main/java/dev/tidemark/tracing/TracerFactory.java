package dev.tidemark.tracing;

import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/// Opens the tracer of an optional module. The module is in a separate folder and on no class path, so nothing of it
/// is loaded unless the configuration has `tracing`. Thread-safe.
public interface TracerFactory {
    /// Opens a tracer without waiting for the collector.
    ///
    /// @param clock clock of the timestamps of spans
    EventTracer open(TracingConfig config, TracedService service, Clock clock);

    /// Returns the installed factory. The first call loads the module.
    ///
    /// @throws IllegalStateException if the module cannot be loaded
    static Optional<TracerFactory> installed() {
        return TracerModuleLoader.factory();
    }

    /// Settings of `tracing`.
    ///
    /// @param endpoint address of the collector that takes OTLP over HTTP
    /// @param sample share of the traces that are recorded, from 0 to 1
    /// @param headers headers of the requests to the collector; may contain secrets
    record TracingConfig(URI endpoint, double sample, Map<String, String> headers) {
        public TracingConfig {
            headers = Map.copyOf(headers);
        }

        @Override
        public String toString() {
            return "TracingConfig[endpoint=" + endpoint + ", sample=" + sample + "]";
        }
    }

    /// Process that the spans come from.
    record TracedService(String instance, String version) {}
}
