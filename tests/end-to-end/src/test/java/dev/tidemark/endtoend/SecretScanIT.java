package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.testpostgres.PostgresTestServer;
import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Runs a daemon with a known secret in each place that takes one, through failures of each of them, and searches all
/// that it shows and stores for these secrets.
final class SecretScanIT {
    private static final String ADA = "ada@example.com";
    private static final String ACCOUNT = "svc";
    private static final Pattern PATH = Pattern.compile("(?m)^  (/\\S*):$");
    private static final List<String> FURTHER_PATHS =
            List.of("/api/v1/mailboxes/" + ADA, "/api/v1/sinks/hook", "/api/v1/sinks/other", "/api/v1/sinks/bus");

    /// Files that hold secrets because the test, or its operator, wrote them there.
    private static final Set<String> INPUTS = Set.of("tidemark.yaml", "hook.secret", "admin-token", "postgres");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Random random = new Random(20);
    private final SecretScanner scanner = new SecretScanner();

    @Test
    void no_secret_is_shown_or_stored_anywhere() throws Exception {
        var password = secret("password");
        var login = SimulatorConfig.defaults().withLogin(ACCOUNT, password);
        try (var scene = EndToEndScene.in(folder, login, List.of(ADA))) {
            configure(scene);
            prove(Files.readString(scene.config().write(folder)));
            var daemon = scene.start();
            awaitRefusedLogin(scene, "token endpoint");
            logIn(scene, secret("wrong password"));
            applyConfiguration(scene);
            awaitRefusedLogin(scene, "401");
            reload(scene, password);
            failSinks(scene);
            failThroughProxy(scene);
            refuseReload(scene);
            scanOutside(scene, daemon);
            backUp();
            assertThat(daemon.terminate()).isZero();
            scanner.scan("log", scene.daemonOutput());
            scanner.scanFiles("files", folder, INPUTS);
        }
        assertThat(scanner.findings()).isEmpty();
        assertThat(scanner.searched())
                .contains("log", "GET /", "GET /metrics", "GET /api/v1/events", "arguments", "config")
                .anyMatch(place -> place.startsWith("bundle threads.txt"))
                .anyMatch(place -> place.startsWith("files audit/"))
                .anyMatch(place -> place.startsWith("files backups/now/"))
                .anyMatch(place -> place.startsWith("files data/tidemark.store"));
    }

    /// The password is in the URL, which messages about the store could name. The server accepts any password.
    @Test
    void no_password_of_postgresql_is_shown_or_stored_anywhere() throws Exception {
        try (var server = PostgresTestServer.startIn(folder.resolve("postgres"));
                var scene = EndToEndScene.in(folder, ADA)) {
            var url = server.store().replace("password=postgres", "password=" + secret("PostgreSQL password"));
            assertThat(scanner.in(url)).isNotEmpty();
            scene.withEnvironment(Map.of("TIDEMARK_LOG_LEVEL", "DEBUG"))
                    .with("store", "url", url)
                    .with("store", "seal-key", key("seal key"));
            var daemon = scene.startSubscribed();
            scene.mailbox(ADA).deliver("one");
            scene.awaitAllReceived();
            server.kill();
            EndToEndScene.await("the loss of the store")
                    .until(() -> !scene.admin().request("/health/ready").body().contains("\"store\":\"up\""));
            scanOutside(scene, daemon);
            daemon.terminate();
            scanner.scan("log", scene.daemonOutput());
            scanCommand(
                    "inspection",
                    "store",
                    "inspect",
                    "--config",
                    folder.resolve("tidemark.yaml").toString());
            scanner.scanFiles("files", folder, INPUTS);
        }
        assertThat(scanner.findings()).isEmpty();
        assertThat(scanner.searched()).contains("log", "GET /metrics", "config", "inspection");
    }

    /// Returns a new secret that the scanner searches for.
    private String secret(String name) {
        return scanner.add(name, "Z" + letters(16));
    }

    private String key(String name) {
        return key(name, "");
    }

    /// Returns a key of 32 bytes in Base64, with letters and digits only.
    private String key(String name, String prefix) {
        var text = scanner.add(name, letters(42)) + "A=";
        assertThat(Base64.getDecoder().decode(text)).hasSize(32);
        return prefix + text;
    }

    private String letters(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes).substring(0, length);
    }

    private void configure(EndToEndScene scene) throws Exception {
        scene.with(
                "connection",
                "auth",
                "{ type: oauth2, tenant: example.com, client-id: tidemark, client-secret: '" + secret("client secret")
                        + "', token-url: 'https://127.0.0.1:4/token' }");
        scene.withEnvironment(Map.of("TIDEMARK_LOG_LEVEL", "DEBUG"))
                .with("connection", "url", scene.exchange().url().toString())
                .with("listener", "token-key", key("token key"))
                .with("listener", "previous-token-keys", "[ '" + key("previous token key") + "' ]")
                .with("group", "forward-to", "[ hook, other, bus ]")
                .with("sink", "secret", "[ '${file:hook.secret}', '" + key("second sink secret", "whsec_") + "' ]")
                .with("sink", "signing-key", key("signing key", "whsk_"))
                .with("sink", "headers", "{ X-Api-Key: '" + secret("header") + "' }")
                .with("sink", "retry", "[ 1s, 1s ]")
                .with("store", "seal-key", "[ '" + key("seal key") + "', '" + key("older seal key") + "' ]")
                .with("store", "password", secret("store password"))
                .with(
                        "store",
                        "backup-directory",
                        Files.createDirectory(folder.resolve("backups")).toString())
                .with(
                        "admin",
                        "audit",
                        Files.createDirectory(folder.resolve("audit"))
                                .resolve("audit.jsonl")
                                .toString())
                .with("admin", "tokens", tokens())
                .with("tracing", "endpoint", "http://127.0.0.1:4/v1/traces")
                .with("tracing", "sample", "1")
                .with("tracing", "headers", "{ Authorization: 'Bearer " + secret("collector's token") + "' }")
                .withSink("other", other())
                .withSink("bus", bus());
        scanner.add("sink secret", longestPart(scene.webhook().secret().replaceFirst("^whsec_", "")));
    }

    /// Returns the longest part of Base64 that has letters and digits only.
    private static String longestPart(String base64) {
        return Arrays.stream(base64.split("[^A-Za-z0-9]"))
                .max(Comparator.comparingInt(String::length))
                .orElseThrow();
    }

    private static void logIn(EndToEndScene scene, String password) {
        scene.with("connection", "auth", "{ type: basic, username: " + ACCOUNT + ", password: '" + password + "' }");
    }

    private String proxy(String name) {
        return "'http://gate:" + secret(name) + "@127.0.0.1:1'";
    }

    private String tokens() throws IOException {
        var operator = secret("operator token");
        // where commands and scripts of these tests look for it
        Files.writeString(folder.resolve("admin-token"), operator);
        return "[ { name: ops, token: '" + operator + "', role: operate }, { name: prom, token: '"
                + secret("metrics token") + "', role: metrics } ]";
    }

    private String other() throws IOException, GeneralSecurityException {
        var password = secret("trust store password");
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", TestIdentity.create().certificate());
        var clientPassword = secret("client certificate password");
        writeClientStore(clientPassword);
        try (var out = Files.newOutputStream(folder.resolve("ca.p12"))) {
            store.store(out, password.toCharArray());
        }
        return "{ url: 'https://127.0.0.1:2/hook', secret: '" + key("secret of another sink", "whsec_") + "', proxy: "
                + proxy("sink proxy") + ", tls: { trust-store: ca.p12, trust-store-password: '" + password
                + "', client-certificate: client.p12, client-certificate-password: '" + clientPassword + "' } }";
    }

    private void writeClientStore(String password) throws IOException, GeneralSecurityException {
        var client = TestIdentity.create();
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", client.key(), password.toCharArray(), new Certificate[] {client.certificate()});
        try (var out = Files.newOutputStream(folder.resolve("client.p12"))) {
            store.store(out, password.toCharArray());
        }
    }

    private String bus() {
        return "{ type: kafka, bootstrap-servers: '127.0.0.1:3', topic: mail, properties: { security.protocol:"
                + " SASL_PLAINTEXT, sasl.mechanism: PLAIN, sasl.jaas.config: '"
                + "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"kafka\" password=\""
                + secret("Kafka password") + "\";' } }";
    }

    /// Asserts that the scanner finds each secret where it is.
    private void prove(String configuration) throws IOException {
        var names = scanner.names().stream()
                .filter(name -> !name.equals("password") && !name.equals("sink secret"))
                .toList();
        assertThat(names).hasSizeGreaterThan(14);
        assertThat(scanner.in(configuration)).containsAll(names);
        assertThat(scanner.in(Files.readString(folder.resolve("hook.secret")))).contains("sink secret");
    }

    private static void awaitRefusedLogin(EndToEndScene scene, String cause) {
        EndToEndScene.await("a refused login: " + cause)
                .until(() -> lastError(scene, "/api/v1/mailboxes/" + ADA).contains(cause));
    }

    private static String lastError(EndToEndScene scene, String path) {
        return scene.admin().get(path).path("lastError").asString("");
    }

    private void applyConfiguration(EndToEndScene scene) {
        scene.config().write(folder);
        assertThat(scene.admin().post("/-/reload")).isEqualTo(200);
    }

    private void reload(EndToEndScene scene, String password) {
        scanner.add(
                "basic authorization",
                Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString((ACCOUNT + ":" + password).getBytes(StandardCharsets.UTF_8)));
        logIn(scene, password);
        applyConfiguration(scene);
        scene.awaitSubscribed();
        scene.exchange().callbacks().after(0).stream()
                .map(attempt -> attempt.url().getPath().replaceFirst(".*/", ""))
                .distinct()
                .forEach(token -> scanner.add("callback token " + token.hashCode(), token));
    }

    private static void failSinks(EndToEndScene scene) {
        // the receiver is on loopback, and no proxy is there
        scene.webhook().answerWith(401);
        scene.mailbox(ADA).deliver("one");
        for (var sink : List.of("hook", "other", "bus")) {
            EndToEndScene.await("an error of sink " + sink)
                    .until(() -> !lastError(scene, "/api/v1/sinks/" + sink).isEmpty());
        }
    }

    /// Lets the webhook without a proxy of its own use the proxy of all sinks, which refuses connections.
    private void failThroughProxy(EndToEndScene scene) throws IOException {
        scene.with("egress", "proxy", "'http://gate:" + secret("egress proxy") + "@127.0.0.1:5'");
        applyConfiguration(scene);
        assertThat(scanner.in(Files.readString(folder.resolve("tidemark.yaml"))))
                .contains("egress proxy");
        scene.mailbox(ADA).deliver("two");
        EndToEndScene.await("an error of the proxy of all sinks")
                .until(() -> lastError(scene, "/api/v1/sinks/hook").contains("refuses connections"));
    }

    private void backUp() throws IOException {
        scanCommand(
                "backup",
                "backup",
                "--to",
                folder.resolve("backups/now").toString(),
                "--config",
                folder.resolve("tidemark.yaml").toString(),
                "--token-file",
                folder.resolve("admin-token").toString());
    }

    /// Asks for a reload with an invalid value in each place that takes a secret.
    private void refuseReload(EndToEndScene scene) throws IOException {
        var file = folder.resolve("tidemark.yaml");
        var valid = Files.readString(file);
        var invalid = valid.replaceFirst("token-key: .*", "token-key: '" + secret("bad token key") + "'")
                .replaceFirst("seal-key: .*", "seal-key: '" + secret("bad seal key") + "'")
                .replaceFirst("signing-key: .*", "signing-key: 'whsk_" + secret("bad signing key") + "'")
                .replaceFirst("secret: .*", "secret: '" + secret("bad sink secret") + "'")
                .replaceFirst("    url: .*", "    url: 'ftp://svc:" + secret("password in an address") + "@x/'")
                .replaceFirst(
                        "client-certificate-password: '\\w+'",
                        "client-certificate-password: '" + secret("bad client certificate password") + "'")
                .replaceFirst("  proxy: .*", "  proxy: 'socks://gate:" + secret("bad proxy") + "@127.0.0.1'");
        Files.writeString(file, invalid);
        assertThat(scene.admin().post("/-/reload")).isEqualTo(422);
        scanCommand("check of a faulty file", "check", "--config", file.toString());
        scanCommand("config of a faulty file", "config", "--config", file.toString());
        Files.writeString(file, valid);
    }

    private void scanOutside(EndToEndScene scene, DaemonProcess daemon) throws IOException {
        var config = folder.resolve("tidemark.yaml").toString();
        var paths = PATH.matcher(scene.admin().request("/openapi.yaml").body()).results();
        for (var path : paths.map(found -> found.group(1)).toList()) {
            if (!path.contains("{") && !path.endsWith("/stream")) {
                scanner.scan("GET " + path, scene.admin().request(path).body());
            }
        }
        for (var path : FURTHER_PATHS) {
            scanner.scan("GET " + path, scene.admin().request(path).body());
        }
        scanner.scan("arguments", daemon.arguments());
        scanCommand("config", "config", "--config", config);
        scanCommand("check", "check", "--config", config, "--json");
        scanCommand(
                "status",
                "status",
                "--config",
                config,
                "--token-file",
                folder.resolve("admin-token").toString());
        var bundle = folder.resolve("bundle.zip");
        scanCommand(
                "bundle command",
                "support-bundle",
                "--to",
                bundle.toString(),
                "--config",
                config,
                "--token-file",
                folder.resolve("admin-token").toString());
        scanner.scanZip("bundle", bundle);
    }

    private void scanCommand(String place, String... arguments) throws IOException {
        try {
            scanner.scan(place, CommandRunner.tidemark(arguments).all());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
