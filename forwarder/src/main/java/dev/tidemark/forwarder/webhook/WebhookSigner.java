package dev.tidemark.forwarder.webhook;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Signs deliveries according to Standard Webhooks 1.0: over `id.timestamp.body`, one signature per key,
/// separated by spaces. Thread-safe.
final class WebhookSigner {
    private final List<WebhookSigningKey> keys;

    private WebhookSigner(List<WebhookSigningKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /// Checks that at least one key is given and all keys can be used.
    ///
    /// @throws InvalidSettingException if no key is given or a key cannot be used
    static void requireUsable(List<String> secrets, Optional<String> signingKey) {
        if (of(secrets, signingKey).keys.isEmpty()) {
            throw new InvalidSettingException(
                    "A webhook has no secret; give it one, whsec_ and 24 to 64 bytes in Base64.");
        }
    }

    /// @throws InvalidSettingException if a key cannot be used
    static WebhookSigner of(List<String> secrets, Optional<String> signingKey) {
        var keys = new ArrayList<WebhookSigningKey>();
        secrets.forEach(secret -> keys.add(WebhookSigningKey.shared(secret)));
        signingKey.ifPresent(key -> keys.add(WebhookSigningKey.asymmetric(key)));
        return new WebhookSigner(keys);
    }

    /// Returns the value of `webhook-signature`.
    ///
    /// @param timestamp seconds since the epoch, as in `webhook-timestamp`
    String sign(String id, long timestamp, byte[] body) {
        var prefix = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        var signatures = new ArrayList<String>(keys.size());
        for (var key : keys) {
            signatures.add(key.version() + "," + Base64.getEncoder().encodeToString(key.sign(prefix, body)));
        }
        return String.join(" ", signatures);
    }
}
