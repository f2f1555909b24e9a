package dev.tidemark.listener;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Certificate of the listener's server, and its TLS. [CallbackServer] uses it for new connections, and
/// [CallbackListener] replaces it while the server runs. Without TLS, it has no certificate. Thread-safe.
final class ServerIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(ServerIdentity.class);

    /// Groups for the key exchange, and curves of the certificate's key. Each Windows version that runs Exchange
    /// 2013 or later supports one of them. Without this limit, a client could choose a finite field of 8192 bits.
    static final List<String> NAMED_GROUPS = List.of("x25519", "secp256r1", "secp384r1", "secp521r1");

    /// Cipher suites with a key exchange in a finite field, which takes several times as long as the others.
    private static final String FINITE_FIELDS = "^TLS_DHE_.*$";

    private final SslContextFactory.Server tls = new CheapHandshakes();
    private volatile Optional<PemFileWatcher> pem;
    /// written by one thread at a time
    private volatile Optional<PemIdentity> identity;

    /// Reads the certificate.
    ///
    /// @throws ListenerException if the certificate cannot be used
    ServerIdentity(Optional<ListenerConfig.Tls> files) {
        pem = files.map(PemFileWatcher::new);
        identity = files.map(PemIdentity::load);
        identity.ifPresent(loaded -> configure(tls, loaded));
    }

    /// Returns the factories of a connection that uses TLS if there is a certificate, the outermost first.
    ConnectionFactory[] connectionFactories(ConnectionFactory http) {
        if (identity.isEmpty()) {
            return new ConnectionFactory[] {http};
        }
        var ssl = new SslConnectionFactory(tls, http.getProtocol());
        // without this, Jetty refuses a host that the certificate does not name, as behind a balancer
        ssl.setEnsureSecureRequestCustomizer(false);
        return new ConnectionFactory[] {ssl, http};
    }

    /// Reads the certificate of new settings, which must not turn TLS on or off. Returns the action that uses it for
    /// new connections.
    ///
    /// @throws ListenerException if the certificate cannot be used
    Runnable prepare(Optional<ListenerConfig.Tls> files) {
        if (files.isEmpty()) {
            return () -> {};
        }
        var watcher = new PemFileWatcher(files.get());
        var loaded = PemIdentity.load(files.get());
        return () -> {
            pem = Optional.of(watcher);
            install(loaded);
        };
    }

    /// Uses a changed certificate for new connections. A certificate that cannot be read changes nothing.
    void reload() {
        pem.flatMap(PemFileWatcher::loadIfChanged).ifPresent(this::install);
    }

    private synchronized void install(PemIdentity next) {
        if (identity.filter(next::isSameCertificate).isPresent()) {
            return;
        }
        try {
            tls.reload(factory -> configure((SslContextFactory.Server) factory, next));
            identity = Optional.of(next);
            LOG.info("Loaded the changed certificate for new connections");
        } catch (Exception e) {
            throw new ListenerException("Cannot use the new certificate: " + e.getMessage(), e);
        }
    }

    private static void configure(SslContextFactory.Server factory, PemIdentity identity) {
        factory.setKeyStore(identity.keyStore());
        factory.setKeyStorePassword(identity.password());
    }

    /// Refuses key exchanges in finite fields, because a client could choose an expensive one.
    private static final class CheapHandshakes extends SslContextFactory.Server {
        CheapHandshakes() {
            addExcludeCipherSuites(FINITE_FIELDS);
        }

        @Override
        public SSLParameters customize(SSLParameters parameters) {
            var customized = super.customize(parameters);
            customized.setNamedGroups(NAMED_GROUPS.toArray(String[]::new));
            return customized;
        }
    }
}
