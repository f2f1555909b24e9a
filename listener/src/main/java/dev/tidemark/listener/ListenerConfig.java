package dev.tidemark.listener;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Settings of the listener.
///
/// @param port port to listen on; 0 selects a free port
/// @param pathPrefix path of the public URL; empty if it has none
/// @param allowFrom addresses or CIDR ranges that may call; if empty, a valid token suffices
/// @param trustedProxies addresses or CIDR ranges whose `X-Forwarded-For` is trusted
/// @param maxBody limit for the body of a callback, in bytes
/// @param workers threads that decode; 0 derives the number from the processors
/// @param queue limit for callbacks in flight, from the head of the request to the response
/// @param drain period after [CallbackListener#drain] in which callbacks are still accepted
/// @param connections limits of open connections
/// @param idleTimeout limit for a client's silence, for receiving a head, and for receiving a body
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
        Optional<Tls> tls,
        MaxConnections connections) {
    public ListenerConfig {
        allowFrom = List.copyOf(allowFrom);
        trustedProxies = List.copyOf(trustedProxies);
        pathPrefix = pathPrefix.replaceAll("/+$", "");
    }

    /// Creates settings with derived limits of connections.
    public ListenerConfig(
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
        this(
                host,
                port,
                pathPrefix,
                allowFrom,
                trustedProxies,
                healthPath,
                maxBody,
                workers,
                queue,
                drain,
                idleTimeout,
                tls,
                MaxConnections.DERIVED);
    }

    /// Limits of open connections.
    ///
    /// @param total limit for all clients; 0 derives it from memory and file descriptors
    /// @param perAddress limit for one client address that is no trusted proxy; 0 derives half of `total`, so that
    ///     neither a load balancer nor an Exchange server reaches it alone
    public record MaxConnections(int total, int perAddress) {
        static final MaxConnections DERIVED = new MaxConnections(0, 0);

        int ofAll() {
            return total > 0 ? total : ConnectionCapacity.ofThisProcess();
        }

        int ofAddress() {
            return perAddress > 0 ? perAddress : Math.max(1, ofAll() / 2);
        }
    }

    /// PEM files: the certificate with its chain, and its PKCS#8 key.
    public record Tls(Path certificate, Path privateKey) {
        /// Loads the files as the listener does.
        ///
        /// @return cause and remedy if the certificate is not valid now, although the listener can use it
        /// @throws ListenerException if the files cannot be used
        public Optional<String> check() {
            return PemIdentity.load(this).invalidity().map(why -> why + "; renew it");
        }
    }

    /// Returns these settings with those of `next` that can change while the listener runs: addresses, limits, drain,
    /// and the files of a certificate.
    public ListenerConfig withLiveSettings(ListenerConfig next) {
        return new ListenerConfig(
                host,
                port,
                pathPrefix,
                next.allowFrom,
                next.trustedProxies,
                healthPath,
                next.maxBody,
                workers,
                next.queue,
                next.drain,
                idleTimeout,
                tls.isPresent() && next.tls.isPresent() ? next.tls : tls,
                next.connections);
    }

    int decoders() {
        return workers > 0 ? workers : Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    }
}
