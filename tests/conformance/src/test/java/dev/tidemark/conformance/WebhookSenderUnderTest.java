package dev.tidemark.conformance;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Webhook sender under test for Standard Webhooks 1.0. To test another sender, implement this and extend
/// [SenderContract].
interface WebhookSenderUnderTest extends AutoCloseable {
    /// Settings of the sender.
    ///
    /// @param secrets all valid secrets, as `whsec_…`
    /// @param signingKey ed25519 seed, as `whsk_…`
    record Settings(URI url, List<String> secrets, Optional<String> signingKey) {}

    /// Causes one message. The sender should retry failures within seconds.
    void send();

    @Override
    void close();
}
