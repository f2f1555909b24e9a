package dev.tidemark.testpostgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Certificate of a test's server, which is its own authority and is valid for `localhost` only. A user whom [#require]
/// creates can log in over TLS only.
public final class PostgresTls {
    private static final String STORE_PASSWORD = "changeit";
    private static final String ALIAS = "server";
    private static final long POLL_NANOS = 5_000_000;

    private final Path folder;

    private PostgresTls(Path folder) {
        this.folder = folder;
    }

    /// Creates a certificate in a folder.
    public static PostgresTls createIn(Path folder) throws IOException, InterruptedException {
        var tls = new PostgresTls(folder);
        tls.create();
        return tls;
    }

    private void create() throws IOException, InterruptedException {
        var file = folder.resolve("identity.p12");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-dname", "CN=localhost", "-ext", "san=dns:localhost", "-validity", "2"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", STORE_PASSWORD, "-keystore", file.toString()));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("keytool created no certificate");
        }
        try {
            var store = KeyStore.getInstance(file.toFile(), STORE_PASSWORD.toCharArray());
            write(
                    key(),
                    "PRIVATE KEY",
                    store.getKey(ALIAS, STORE_PASSWORD.toCharArray()).getEncoded());
            write(authority(), "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
    }

    private static void write(Path file, String kind, byte[] bytes) throws IOException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n",
                StandardCharsets.US_ASCII);
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
