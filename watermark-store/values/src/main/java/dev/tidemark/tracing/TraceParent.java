package dev.tidemark.tracing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Position in a trace (W3C Trace Context, level 1).
///
/// @param traceId 32 hexadecimal digits
/// @param spanId 16 hexadecimal digits
/// @param isSampled true if a collector receives the span
public record TraceParent(String traceId, String spanId, boolean isSampled) {
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    /// Returns the root of the trace of an event or batch. The same id has the same root in every process.
    public static TraceParent rootOf(String id) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            var hex = HexFormat.of();
            return new TraceParent(
                    hex.formatHex(digest, 0, TRACE_BYTES),
                    hex.formatHex(digest, TRACE_BYTES, TRACE_BYTES + SPAN_BYTES),
                    false);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK lacks SHA-256: " + e.getMessage(), e);
        }
    }

    /// Returns another span of the same trace.
    public TraceParent withSpan(String otherSpanId) {
        return new TraceParent(traceId, otherSpanId, isSampled);
    }

    /// Returns the value of the header `traceparent`.
    public String header() {
        return "00-" + traceId + "-" + spanId + (isSampled ? "-01" : "-00");
    }
}
