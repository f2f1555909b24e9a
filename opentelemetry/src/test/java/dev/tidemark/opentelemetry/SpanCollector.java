package dev.tidemark.opentelemetry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Collector that takes traces by OTLP over HTTP, and can be made to refuse or to hang. Thread-safe.
public final class SpanCollector implements AutoCloseable {
    private final List<CollectedSpan> spans = new CopyOnWriteArrayList<>();
    private final List<Headers> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile int status = 200;
    private volatile boolean isHanging;

    /// Span as the collector received it, with the attributes of its resource.
    ///
    /// @param parentId empty for a root
    public record CollectedSpan(
            String name,
            String traceId,
            String spanId,
            String parentId,
            Span.SpanKind kind,
            boolean isError,
            long startNanos,
            long endNanos,
            Map<String, String> attributes) {
        static CollectedSpan of(Span span, List<KeyValue> resource) {
            var attributes = new TreeMap<String, String>();
            resource.forEach(each -> attributes.put(each.getKey(), text(each.getValue())));
            span.getAttributesList().forEach(each -> attributes.put(each.getKey(), text(each.getValue())));
            return new CollectedSpan(
                    span.getName(),
                    hex(span.getTraceId().toByteArray()),
                    hex(span.getSpanId().toByteArray()),
                    hex(span.getParentSpanId().toByteArray()),
                    span.getKind(),
                    span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR,
                    span.getStartTimeUnixNano(),
                    span.getEndTimeUnixNano(),
                    attributes);
        }

        private static String hex(byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }

        private static String text(AnyValue value) {
            return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
        }
    }

    private SpanCollector(HttpServer server) {
        this.server = server;
    }

    /// Starts a collector.
    ///
    /// @param port 0 for a free port
    public static SpanCollector start(int port) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            var collector = new SpanCollector(HttpServer.create(address, 0));
            collector.server.setExecutor(collector.threads);
            collector.server.createContext("/v1/traces", collector::receive);
            collector.server.start();
            return collector;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
    }

    /// Responds to all later requests with this status.
    public void respondWith(int otherStatus) {
        status = otherStatus;
    }

    /// Responds to no later request.
    public void hang() {
        isHanging = true;
    }

    /// Returns the accepted spans in order of receipt.
    public List<CollectedSpan> spans() {
        return List.copyOf(spans);
    }

    /// Returns the accepted spans with this name.
    public List<CollectedSpan> spans(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    /// Returns the headers of all requests.
    public List<Headers> requests() {
        return List.copyOf(requests);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            requests.add(exchange.getRequestHeaders());
            if (isHanging) {
                closed.await();
            }
            if (status == 200) {
                request.getResourceSpansList().forEach(this::add);
            }
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(ResourceSpans group) {
        var resource = group.getResource().getAttributesList();
        group.getScopeSpansList()
                .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(CollectedSpan.of(span, resource))));
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
