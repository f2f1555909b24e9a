package dev.tidemark.listener;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// HTTP response that is created once and sent often. Each caller of [#body] gets a duplicate with its own
/// position. Thread-safe.
record CallbackResponse(int status, Map<String, String> headers, ByteBuffer body) {
    private static final String RETRY_SECONDS = "5";

    CallbackResponse {
        headers = Map.copyOf(headers);
        body = body.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer body() {
        return body.duplicate();
    }

    static CallbackResponse xml(byte[] body) {
        return new CallbackResponse(
                200, Map.of("Content-Type", "text/xml; charset=utf-8"), ByteBuffer.wrap(body.clone()));
    }

    /// Creates a response with one sentence, or without a body, and with the headers of its status.
    static CallbackResponse text(int status, String sentence) {
        var type = Map.of("Content-Type", "text/plain; charset=utf-8");
        var bytes = sentence.isEmpty() ? "" : sentence + "\n";
        return new CallbackResponse(
                        status,
                        sentence.isEmpty() ? Map.of() : type,
                        ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)))
                .withStatusHeaders();
    }

    private CallbackResponse withStatusHeaders() {
        return switch (status) {
            case 405 -> with("Allow", "POST");
            case 503 -> with("Retry-After", RETRY_SECONDS);
            default -> this;
        };
    }

    private CallbackResponse with(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new CallbackResponse(status, more, body);
    }
}
