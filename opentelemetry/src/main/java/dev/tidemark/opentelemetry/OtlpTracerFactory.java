package dev.tidemark.opentelemetry;

import dev.tidemark.tracing.EventTracer;
import dev.tidemark.tracing.TracerFactory;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Clock;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Opens tracers that export by OTLP over HTTP. [java.util.ServiceLoader] creates it. Thread-safe.
public final class OtlpTracerFactory implements TracerFactory {
    /// Limit of spans that wait for the collector, those in a request included.
    private static final int MAX_WAITING = 2048;

    private static final int MAX_BATCH = 512;
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration EXPORT_LIMIT = Duration.ofSeconds(15);

    /// Logger of the exporter, whose lines repeat per request. Held, because java.util.logging keeps loggers weakly.
    private static final Logger LIBRARY_LOG = Logger.getLogger("io.opentelemetry");

    @Override
    public EventTracer open(TracingConfig config, TracedService service, Clock clock) {
        LIBRARY_LOG.setLevel(Level.OFF);
        var meter = new SpanMeter(config.endpoint(), MAX_WAITING);
        var batches = BatchSpanProcessor.builder(new MonitoredSpanExporter(() -> exporter(config), meter, EXPORT_LIMIT))
                .setScheduleDelay(INTERVAL)
                .setMaxQueueSize(MAX_WAITING)
                .setMaxExportBatchSize(MAX_BATCH)
                .setExporterTimeout(EXPORT_LIMIT)
                .build();
        var ids = new PresetIdGenerator();
        var provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.builder()
                        .put("service.name", "tidemark")
                        .put("service.version", service.version())
                        .put("service.instance.id", service.instance())
                        .build()))
                .setIdGenerator(ids)
                // the factory of spans decides before it creates one
                .setSampler(Sampler.alwaysOn())
                .addSpanProcessor(new BoundedSpanProcessor(batches, meter))
                .build();
        var spans = new EventSpanFactory(
                provider.get("dev.tidemark"), ids, Sampler.traceIdRatioBased(config.sample()), service.instance());
        return new OtlpEventTracer(spans, provider, meter, clock);
    }

    private static SpanExporter exporter(TracingConfig config) {
        var builder = OtlpHttpSpanExporter.builder()
                .setEndpoint(config.endpoint().toString())
                .setConnectTimeout(CONNECT_TIMEOUT)
                .setTimeout(TIMEOUT)
                .setRetryPolicy(RetryPolicy.builder()
                        .setMaxAttempts(2)
                        .setInitialBackoff(Duration.ofMillis(500))
                        .setMaxBackoff(Duration.ofSeconds(1))
                        .build());
        config.headers().forEach(builder::addHeader);
        return builder.build();
    }
}
