package dev.tidemark.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/// Tests the descriptions of real failures of the exporter, and of those that loopback does not have.
final class ExportFailureDescriberTest {
    @Test
    void a_response_is_described_by_its_status() {
        try (var collector = SpanCollector.start(0)) {
            collector.respondWith(401);
            assertThat(failure(collector.endpoint())).isEqualTo("HTTP 401");
        }
    }

    @Test
    void a_port_without_a_collector_gives_no_connection() {
        assertThat(failure(URI.create("http://127.0.0.1:1/v1/traces"))).isEqualTo("no connection");
    }

    @Test
    void a_collector_that_hangs_gives_no_response_in_time() {
        try (var collector = SpanCollector.start(0)) {
            collector.hang();
            assertThat(failure(collector.endpoint())).isEqualTo("no response in time");
        }
    }

    @Test
    void other_failures_keep_their_own_words() {
        assertThat(ExportFailureDescriber.describe(new IOException("x", new UnresolvedAddressException())))
                .isEqualTo("no name server resolves its host");
        assertThat(ExportFailureDescriber.describe(new IOException(new SSLHandshakeException("expired"))))
                .isEqualTo("TLS failed: expired");
        assertThat(ExportFailureDescriber.describe(new IOException("reset"))).isEqualTo("java.io.IOException: reset");
        assertThat(ExportFailureDescriber.describe(null)).isEqualTo("no response");
    }

    private static String failure(URI endpoint) {
        try (var exporter = builder(endpoint).build()) {
            CompletableResultCode result = exporter.export(List.of());
            result.join(1, TimeUnit.MINUTES);
            assertThat(result.isSuccess()).isFalse();
            return ExportFailureDescriber.describe(result.getFailureThrowable());
        }
    }

    private static OtlpHttpSpanExporterBuilder builder(URI endpoint) {
        return OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setTimeout(Duration.ofSeconds(1))
                .setRetryPolicy(null);
    }
}
