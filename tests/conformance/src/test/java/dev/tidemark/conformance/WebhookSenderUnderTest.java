package dev.tidemark.conformance;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// A sender of webhooks that is held to Standard Webhooks 1.0. Whoever wants to hold another one to it
/// implements this and extends [SenderContract].
interface WebhookSenderUnderTest extends AutoCloseable {
    /// How the sender is configured.
    ///
    /// @param secrets `whsec_…`, all of them in force
    /// @param signingKey `whsk_…`, an ed25519 seed
    record Settings(URI url, List<String> secrets, Optional<String> signingKey) {}

    /// Has something happen that is one message. Failures are expected to be retried within seconds.
    void send();

    @Override
    void close();
}
