package dev.tidemark.endtoend;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Standard Webhooks 1.0 on the receiver's side, implemented from the specification without the daemon's code.
final class WebhookSignature {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final byte[] key = new byte[32];
    private volatile List<Duration> offsets = List.of(Duration.ZERO);

    WebhookSignature() {
        new SecureRandom().nextBytes(key);
    }

    /// Sets the accepted offsets of the sender's clock.
    void allow(List<Duration> others) {
        offsets = List.copyOf(others);
    }

    String secret() {
        return "whsec_" + Base64.getEncoder().encodeToString(key);
    }

    /// Returns whether a signature in the header is valid and the timestamp is recent.
    boolean covers(String id, String timestamp, byte[] body, String header) {
        var expected = of(key, id, timestamp, body).getBytes(StandardCharsets.US_ASCII);
        return timestamp.matches("\\d{1,12}")
                && offsets.stream()
                        .anyMatch(offset -> age(timestamp).plus(offset).abs().compareTo(TOLERANCE) < 0)
                && Arrays.stream(header.split(" ", -1))
                        .anyMatch(one -> MessageDigest.isEqual(one.getBytes(StandardCharsets.US_ASCII), expected));
    }

    private static Duration age(String timestamp) {
        return Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), Instant.now());
    }

    static String of(byte[] key, String id, String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
