package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class TlsTest {
    /// Leaves time for a handshake on a busy machine.
    private static final Duration HANDSHAKE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void callbacks_come_in_over_tls(String algorithm) throws Exception {
        var identity = ListenerIdentity.in(folder, algorithm);
        try (var running = over(identity)) {
            assertThat(post(running, identity)).isEqualTo(200);
        }
    }

    /// jetty/jetty.project #13333: by default, Jetty responds 400 where the named host is not in the certificate, as
    /// behind a balancer that passes TLS through. The client decides whether the certificate fits.
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "push.example.com", "10-0-0-7.internal"})
    void callbacks_come_in_under_any_name(String host) throws Exception {
        var identity = ListenerIdentity.in(folder, "EC");
        try (var running = over(identity);
                var socket = (SSLSocket)
                        identity.trust().getSocketFactory().createSocket("127.0.0.1", running.listener.port())) {
            var named = socket.getSSLParameters();
            named.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(named);
            var mail = CallbackBodies.newMail("w1", "w2", "item-1");
            socket.getOutputStream()
                    .write(("POST " + RunningListener.path() + " HTTP/1.1\r\nHost: " + host
                                    + "\r\nContent-Type: text/xml\r\nContent-Length: " + mail.length() + "\r\n\r\n"
                                    + mail)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_cannot_choose_an_expensive_key_exchange(String version) throws Exception {
        var identity = ListenerIdentity.in(folder, "RSA");
        try (var running = over(identity)) {
            for (var group : List.of("x25519", "secp256r1", "secp384r1", "secp521r1")) {
                assertThatCode(() -> exchangeKeys(running, identity, version, group))
                        .as(group)
                        .doesNotThrowAnyException();
            }
            for (var group : List.of("x448", "ffdhe2048", "ffdhe8192")) {
                assertThatThrownBy(() -> exchangeKeys(running, identity, version, group))
                        .as(group)
                        .isInstanceOf(SSLException.class);
            }
        }
    }

    @Test
    void the_log_names_the_curves_that_a_client_must_offer() throws Exception {
        var identity = ListenerIdentity.in(folder, "RSA");
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        var log = (Logger) LoggerFactory.getLogger(TlsFailures.class);
        log.addAppender(logged);
        try (var running = over(identity)) {
            assertThatThrownBy(() -> exchangeKeys(running, identity, "TLSv1.3", "x448"))
                    .isInstanceOf(SSLException.class);
            await().untilAsserted(() -> assertThat(List.copyOf(logged.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> line.contains("none of the curves x25519, secp256r1")));
        } finally {
            log.detachAppender(logged);
        }
    }

    @Test
    void at_the_limit_of_an_address_an_idle_tls_connection_makes_room() throws Exception {
        var identity = ListenerIdentity.in(folder, "EC");
        try (var running = new RunningListener(settings -> {
                    settings.tls = Optional.of(identity.files());
                    settings.connections = new ListenerConfig.MaxConnections(10, 1);
                    settings.idle = Duration.ofMinutes(5);
                    return settings;
                });
                var first = served(running, identity);
                var second = served(running, identity)) {
            assertThat(second.isConnected()).isTrue();
            // ends with the connection
            assertThat(first.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    /// Returns a kept connection whose request has got its response.
    private static SSLSocket served(RunningListener running, ListenerIdentity identity) throws IOException {
        var socket = (SSLSocket) identity.trust().getSocketFactory().createSocket("127.0.0.1", running.listener.port());
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    private static void exchangeKeys(RunningListener running, ListenerIdentity identity, String version, String group)
            throws IOException {
        try (var socket =
                (SSLSocket) identity.trust().getSocketFactory().createSocket("127.0.0.1", running.listener.port())) {
            var parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setNamedGroups(new String[] {group});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }
    }

    @Test
    void a_changed_certificate_is_used_for_new_connections() throws Exception {
        var first = ListenerIdentity.in(folder, "EC");
        try (var running = over(first)) {
            assertThat(post(running, first)).isEqualTo(200);
            var second = ListenerIdentity.in(folder, "EC");
            touch(second, Duration.ofSeconds(5));
            await().until(() -> accepts(running, second));
            assertThat(accepts(running, first)).isFalse();
        }
    }

    @Test
    void a_changed_certificate_that_cannot_be_used_changes_nothing() throws Exception {
        var identity = ListenerIdentity.in(folder, "EC");
        try (var running = over(identity)) {
            Files.writeString(identity.files().certificate(), "nonsense");
            touch(identity, Duration.ofSeconds(5));
            // certificates are checked every second
            await().pollDelay(Duration.ofMillis(1200)).until(() -> accepts(running, identity));
            assertThat(running.listener.counters().faults()).isZero();
        }
    }

    /// Covers jetty/jetty.project #4944: a client that does not trust the certificate left no trace.
    @Test
    void a_handshake_that_fails_is_counted() throws Exception {
        var identity = ListenerIdentity.in(folder, "EC");
        try (var running = over(identity);
                var plain = running.raw()) {
            connectAndClose(running);
            plain.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
            await().until(() -> failures(running) == 1);
            assertThatThrownBy(() -> handshake(running)).isInstanceOf(SSLHandshakeException.class);
            await().until(() -> failures(running) == 2);
            assertThat(post(running, identity)).isEqualTo(200);
        }
    }

    @Test
    void a_client_that_trickles_its_handshake_is_closed() throws Exception {
        try (var running = over(ListenerIdentity.in(folder, "EC"), Duration.ofSeconds(1));
                var slow = running.raw()) {
            await().pollInterval(Duration.ofMillis(50)).until(() -> !slow.trySend("\u0016"));
        }
    }

    @Test
    void files_that_hold_no_certificate_are_named_with_its_remedy() throws Exception {
        var identity = ListenerIdentity.in(folder, "EC");
        Files.writeString(identity.files().privateKey(), "-----BEGIN RSA PRIVATE KEY-----\nAA==\n");
        assertThatThrownBy(() -> over(identity))
                .isInstanceOf(ListenerException.class)
                .hasMessageContaining("key.pem")
                .hasMessageContaining("PKCS#8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void files_are_read_as_windows_editors_save_them(String encoding) throws Exception {
        var identity = ListenerIdentity.in(folder, "EC");
        for (var file : List.of(identity.files().certificate(), identity.files().privateKey())) {
            var text = "\ufeff" + Files.readString(file).replace("\n", "\r\n");
            Files.write(file, text.getBytes(Charset.forName(encoding)));
        }
        assertThatCode(() -> PemIdentity.load(identity.files())).doesNotThrowAnyException();
    }

    @Test
    void a_key_of_another_certificate_is_rejected() throws Exception {
        var certificate = ListenerIdentity.in(folder, "EC").files().certificate();
        var key = ListenerIdentity.in(Files.createDirectory(folder.resolve("other")), "EC")
                .files()
                .privateKey();
        assertThatThrownBy(() -> PemIdentity.load(new ListenerConfig.Tls(certificate, key)))
                .isInstanceOf(ListenerException.class)
                .hasMessageContaining("another certificate");
    }

    @Test
    void files_at_another_path_are_used_after_a_reload() throws Exception {
        var first = ListenerIdentity.in(Files.createDirectory(folder.resolve("first")), "EC");
        var second = ListenerIdentity.in(Files.createDirectory(folder.resolve("second")), "EC");
        try (var running = over(first)) {
            var settings = new RunningListener.Settings();
            settings.tls = Optional.of(second.files());
            var change = running.listener.prepare(settings.config());
            assertThat(accepts(running, first)).isTrue();
            change.run();
            assertThat(accepts(running, second)).isTrue();
            assertThat(accepts(running, first)).isFalse();
        }
    }

    @Test
    void a_change_is_reported_once() throws Exception {
        var identity = ListenerIdentity.in(folder, "EC");
        var files = new PemFileWatcher(identity.files());
        assertThat(files.loadIfChanged()).isEmpty();
        touch(identity, Duration.ofSeconds(5));
        assertThat(files.loadIfChanged()).isPresent();
        assertThat(files.loadIfChanged()).isEmpty();
    }

    /// Uses TLS 1.2, in which a client rejects the certificate before the server has finished.
    private static void handshake(RunningListener running) throws Exception {
        var sockets = SSLContext.getDefault().getSocketFactory();
        try (var socket = (SSLSocket) sockets.createSocket("127.0.0.1", running.listener.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
        }
    }

    private static long failures(RunningListener running) {
        return running.listener.counters().refused().getOrDefault("tls", 0L);
    }

    /// Connects like a load balancer that only checks for an open port.
    private static void connectAndClose(RunningListener running) {
        try (var balancer = running.raw()) {
            assertThat(balancer).isNotNull();
        }
    }

    private static RunningListener over(ListenerIdentity identity) {
        return over(identity, HANDSHAKE);
    }

    private static RunningListener over(ListenerIdentity identity, Duration idle) {
        return new RunningListener(s -> {
            s.tls = Optional.of(identity.files());
            s.idle = idle;
            return s;
        });
    }

    private static boolean accepts(RunningListener running, ListenerIdentity identity) throws Exception {
        try {
            return post(running, identity) == 200;
        } catch (SSLHandshakeException expected) {
            return false;
        }
    }

    private static int post(RunningListener running, ListenerIdentity identity)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().sslContext(identity.trust()).build()) {
            var uri = URI.create("https://127.0.0.1:" + running.listener.port() + RunningListener.path());
            var request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "text/xml")
                    .POST(BodyPublishers.ofString(CallbackBodies.newMail("w1", "w2", "item-1")))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    /// Moves the file times, because their clock is too coarse for a test.
    private static void touch(ListenerIdentity identity, Duration later) throws IOException {
        for (var file :
                new Path[] {identity.files().certificate(), identity.files().privateKey()}) {
            Files.setLastModifiedTime(
                    file,
                    FileTime.from(Files.getLastModifiedTime(file).toInstant().plus(later)));
        }
    }
}
