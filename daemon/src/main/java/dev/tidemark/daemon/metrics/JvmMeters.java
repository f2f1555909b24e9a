package dev.tidemark.daemon.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.lang.management.ManagementFactory;

/// Micrometer's metrics of the JVM and the process, under Micrometer's names. [MetricScraper] owns it.
record JvmMeters(JvmGcMetrics collections) implements AutoCloseable {
    static JvmMeters bindTo(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        addPauses(registry);
        var collections = new JvmGcMetrics();
        collections.bindTo(registry);
        return new JvmMeters(collections);
    }

    /// Adds a series without a pause, because Micrometer has none before the first collection.
    private static void addPauses(MeterRegistry registry) {
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Timer.builder("jvm.gc.pause")
                    .description("Time spent in GC pause")
                    .tags("action", "none", "cause", "No GC", "gc", collector.getName())
                    .register(registry);
        }
    }

    @Override
    public void close() {
        collections.close();
    }
}
