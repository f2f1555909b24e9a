package dev.tidemark.listener;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where to listen, and within which bounds.
///
/// @param port 0 takes a free one
/// @param pathPrefix the path of the public address, empty where it has none
/// @param allowFrom addresses or CIDR ranges that may call; empty lets in anyone who knows a token
/// @param trustedProxies addresses or CIDR ranges whose `X-Forwarded-For` is believed
/// @param maxBody bytes of a call-back's body
/// @param workers threads that decode; 0 chooses from the processors
/// @param queue call-backs that may be under way at once, from their head to their answer
/// @param drain how long call-backs are still accepted after [CallbackListener#drain]
/// @param idleTimeout how long a client may stay silent, and how long a head, and then a body, may take
public record ListenerConfig(
        String host,
        int port,
        String pathPrefix,
        List<String> allowFrom,
        List<String> trustedProxies,
        String healthPath,
        int maxBody,
        int workers,
        int queue,
        Duration drain,
        Duration idleTimeout,
        Optional<Tls> tls) {
    public ListenerConfig {
        allowFrom = List.copyOf(allowFrom);
        trustedProxies = List.copyOf(trustedProxies);
        pathPrefix = pathPrefix.replaceAll("/+$", "");
    }

    /// PEM files: the certificate with its chain, and its PKCS#8 key.
    public record Tls(Path certificate, Path privateKey) {}

    int decoders() {
        return workers > 0 ? workers : Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    }
}
