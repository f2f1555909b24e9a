package dev.tidemark.forwarder.webhook;

import dev.tidemark.forwarder.targets.MessageBatch.OutboundMessage;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// Encodes several events as one body in the JSON batch format of CloudEvents 1.0, a JSON array. Thread-safe.
final class CloudEventBatchEncoder {
    static final String CONTENT_TYPE = "application/cloudevents-batch+json; charset=utf-8";

    private static final int ID_DIGITS = 26;

    private CloudEventBatchEncoder() {}

    static byte[] body(List<OutboundMessage> messages) {
        var size = 1
                + messages.stream()
                        .mapToInt(message -> message.body().length + 1)
                        .sum();
        var body = new byte[size];
        body[0] = '[';
        var at = 1;
        for (var message : messages) {
            var bytes = message.body();
            System.arraycopy(bytes, 0, body, at, bytes.length);
            at += bytes.length;
            body[at++] = ',';
        }
        body[size - 1] = ']';
        return body;
    }

    /// Returns an id that is equal for the same events in the same order: 130 bits of the SHA-256 of their ids,
    /// in base 32.
    static String id(List<OutboundMessage> messages) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var message : messages) {
                digest.update(message.id().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) '\n');
            }
            var digits = new BigInteger(1, digest.digest())
                    .shiftRight(256 - 5 * ID_DIGITS)
                    .toString(32);
            return "bat_" + "0".repeat(ID_DIGITS - digits.length()) + digits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK lacks SHA-256: " + e.getMessage(), e);
        }
    }
}
