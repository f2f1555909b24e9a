package dev.tidemark.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/// Response to a client.
sealed interface SimulatorResponse {
    record Reply(int status, String contentType, String body, Map<String, String> headers, Delivery delivery)
            implements SimulatorResponse {
        public Reply {
            headers = Map.copyOf(headers);
        }

        Reply(int status, String contentType, String body) {
            this(status, contentType, body, Map.of());
        }

        Reply(int status, String contentType, String body, Map<String, String> headers) {
            this(status, contentType, body, headers, Delivery.PLAIN);
        }

        Reply with(Map<String, String> others) {
            return new Reply(status, contentType, body, others, delivery);
        }

        Reply of(String otherBody) {
            return new Reply(status, contentType, otherBody, headers, delivery);
        }

        Reply by(Delivery other) {
            return new Reply(status, contentType, body, headers, other);
        }

        byte[] gzip() {
            var bytes = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(bytes)) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        static Reply xml(int status, String body) {
            return new Reply(status, "text/xml; charset=utf-8", body);
        }

        static Reply json(String body) {
            return new Reply(200, "application/json", body);
        }

        static Reply text(int status, String body) {
            return new Reply(status, "text/plain; charset=utf-8", body);
        }
    }

    /// Form of a reply on the wire: compressed, cut in the middle, or late.
    record Delivery(boolean compressed, boolean halved, Optional<Duration> delay) {
        static final Delivery PLAIN = new Delivery(false, false, Optional.empty());
    }

    /// Sequence of envelopes, each sent as soon as it is ready.
    ///
    /// @param sent receives each envelope that was sent
    record Streamed(StreamingResponse flow, Consumer<String> sent) implements SimulatorResponse {}

    /// Missing or wrong login.
    record Unauthorized() implements SimulatorResponse {}

    /// Connection that is closed without a response.
    record Cut() implements SimulatorResponse {}
}
