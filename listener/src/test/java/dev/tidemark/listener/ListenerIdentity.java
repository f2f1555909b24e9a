package dev.tidemark.listener;

import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/// Identity of a listener under test, and its PEM files.
record ListenerIdentity(TestIdentity identity, ListenerConfig.Tls files) {
    static ListenerIdentity in(Path folder, String algorithm) throws IOException {
        var identity = TestIdentity.create(algorithm, "localhost");
        identity.write(folder);
        return new ListenerIdentity(
                identity, new ListenerConfig.Tls(folder.resolve("cert.pem"), folder.resolve("key.pem")));
    }

    /// Returns a context for clients that trust only this certificate.
    SSLContext trust() {
        return identity.trust();
    }
}
