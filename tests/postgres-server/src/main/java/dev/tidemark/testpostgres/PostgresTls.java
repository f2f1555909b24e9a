package dev.tidemark.testpostgres;

import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Certificate of a test's server, which is its own authority and is valid for `localhost` only. A user whom [#require]
/// creates can log in over TLS only.
public final class PostgresTls {
    private static final long POLL_NANOS = 5_000_000;

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
    public void require(PostgresTestServer server, String user, String password) throws IOException, SQLException {
        var rules = server.file("pg_hba.conf");
        Files.writeString(
                rules,
                "hostssl all " + user + " all scram-sha-256\nhostnossl all " + user + " all reject\n"
                        + Files.readString(rules));
        execute(
                server,
                "CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'",
                "GRANT CREATE ON DATABASE postgres TO " + user,
                "ALTER SYSTEM SET ssl_cert_file = '" + authority() + "'",
                "ALTER SYSTEM SET ssl_key_file = '" + key() + "'",
                "ALTER SYSTEM SET ssl = on",
                "SELECT pg_reload_conf()");
        while (!isOn(server)) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static void execute(PostgresTestServer server, String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(server.store());
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static boolean isOn(PostgresTestServer server) throws SQLException {
        try (var connection = DriverManager.getConnection(server.store());
                var statement = connection.createStatement();
                var result = statement.executeQuery("SHOW ssl")) {
            return result.next() && "on".equals(result.getString(1));
        }
    }
}
