package dev.tidemark.demo;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Verifies deliveries as Standard Webhooks 1.0 requires of receivers. Shares no code with the forwarder's
/// signer, so that each checks the other. Thread-safe.
final class SignatureVerifier {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String PREFIX = "whsec_";

    private final byte[] key;
    private final Clock clock;

    /// Throws [IllegalArgumentException] for an invalid secret.
    SignatureVerifier(String secret, Clock clock) {
        if (!secret.startsWith(PREFIX)) {
            throw new IllegalArgumentException("A webhook secret starts with whsec_; copy it as the sink has it.");
        }
        this.key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        this.clock = clock;
    }

    /// Returns the reason to reject a delivery; empty for a valid one. `signatures` is the header's value:
    /// several signatures, separated by spaces. One of them must match.
    Optional<String> fault(String id, String timestamp, String signatures, byte[] body) {
        var sentAt = seconds(timestamp);
        if (id.isEmpty() || sentAt.isEmpty()) {
            return Optional.of("webhook-id or webhook-timestamp is missing or no number");
        }
        if (Duration.between(sentAt.get(), clock.instant()).abs().compareTo(TOLERANCE) > 0) {
            return Optional.of("webhook-timestamp is more than five minutes off");
        }
        var expected = ("v1," + Base64.getEncoder().encodeToString(digest(id + "." + timestamp + ".", body)))
                .getBytes(StandardCharsets.US_ASCII);
        var fits = List.of(signatures.split(" ", -1)).stream()
                .map(one -> one.getBytes(StandardCharsets.US_ASCII))
                .anyMatch(one -> MessageDigest.isEqual(expected, one));
        return fits ? Optional.empty() : Optional.of("no signature fits");
    }

    private byte[] digest(String head, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(head.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot compute HmacSHA256, which every JDK must.", e);
        }
    }

    private static Optional<Instant> seconds(String text) {
        return text.matches("\\d{1,12}") ? Optional.of(Instant.ofEpochSecond(Long.parseLong(text))) : Optional.empty();
    }
}
