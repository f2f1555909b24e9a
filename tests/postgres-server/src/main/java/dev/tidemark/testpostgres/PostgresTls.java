package dev.tidemark.testpostgres;

import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Certificate of a test's server, which is its own authority and is valid for `localhost` only. A user whom [#require]
/// creates can log in over TLS only.
public final class PostgresTls {
    private final Path folder;

    private PostgresTls(Path folder) {
        this.folder = folder;
    }

    /// Creates a certificate in a folder.
    public static PostgresTls createIn(Path folder) throws IOException {
        var tls = new PostgresTls(folder);
        var identity = TestIdentity.createFor(List.of("localhost"), "EC", "localhost");
        Files.writeString(tls.key(), identity.keyPem());
        Files.writeString(tls.authority(), identity.certificatePem());
        Files.setPosixFilePermissions(tls.key(), PosixFilePermissions.fromString("rw-------"));
        return tls;
    }

    private Path key() {
        return folder.resolve("server.key");
    }

    /// Returns the file that clients must trust.
    public Path authority() {
        return folder.resolve("server.crt");
    }

    /// Lets the server use the certificate, and creates a user who must use TLS and this password.
    public void require(PostgresTestServer server, String user, String password) throws IOException {
        var rules = server.file("pg_hba.conf");
        Files.writeString(
                rules,
                "hostssl all " + user + " all scram-sha-256\nhostnossl all " + user + " all reject\n"
                        + Files.readString(rules));
        server.execute(
                "CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'",
                "GRANT CREATE ON DATABASE postgres TO " + user,
                "ALTER SYSTEM SET ssl_cert_file = '" + authority() + "'",
                "ALTER SYSTEM SET ssl_key_file = '" + key() + "'",
                "ALTER SYSTEM SET ssl = on",
                "SELECT pg_reload_conf()");
        server.awaitRow("SELECT 1 WHERE current_setting('ssl') = 'on'");
    }
}
