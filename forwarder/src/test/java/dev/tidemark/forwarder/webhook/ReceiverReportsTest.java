package dev.tidemark.forwarder.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Receivers, names and machines that users of other HTTP clients and webhook senders reported. Each test names the
/// report that it repeats.
@Timeout(180)
final class ReceiverReportsTest {
    private static final EgressConfig LOOPBACK = new EgressConfig(false, List.of("127.0.0.0/8", "::1"));
    private static final int PATIENT = 30_000;
    private static final String CHUNKS = "\r\n2\r\nok\r\n0\r\n\r\n";

    static Stream<Arguments> responses() {
        return Stream.of(
                // snoyberg/http-client #521
                Arguments.of("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n", 202),
                Arguments.of("HTTP/1.1 102 Processing\r\n\r\n".repeat(3) + "HTTP/1.1 200 OK\r\n\r\n", 200),
                // renatoathaydes/rawhttp #60
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nContent-Security-Policy-Report-Only: " + "x".repeat(20_000) + "\r\n\r\n",
                        200),
                Arguments.of("HTTP/1.1 200 OK\r\n" + "Set-Cookie: a=b; path=/\r\n".repeat(150) + "\r\n", 200),
                // apache/httpcomponents-client #698, okhttp #1550
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Encoding: UTF-8\r\nContent-Length: 2\r\n\r\nok", 200),
                Arguments.of("HTTP/1.1 202 Accepted\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", 202),
                // dart-lang/sdk #45679: lengths that a proxy or a small device repeats
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", 200),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\nok", 200),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok", 200),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok", 200),
                // kubernetes/ingress-nginx #11162
                Arguments.of("HTTP/1.1 200 OK\r\n" + "Transfer-Encoding: chunked\r\n".repeat(2) + CHUNKS, 200),
                Arguments.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n" + CHUNKS, 200),
                Arguments.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n" + CHUNKS, 200),
                // spray/spray #861
                Arguments.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", 200),
                Arguments.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: unheard-of\r\n\r\nok", 200),
                // snoyberg/http-client #398: a policy that a line break cuts in two
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1;\r\npreload\r\nContent-Length: 0\r\n\r\n",
                        200),
                Arguments.of("HTTP/1.1 200 OK\r\n: nameless\r\nContent-Length: 0\r\n\r\n", 200),
                // receivers of small devices: HTTP/1.0, no reason, line feeds alone
                Arguments.of("HTTP/1.0 200 OK\r\n\r\nok", 200),
                Arguments.of("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200),
                Arguments.of("HTTP/1.1 200 OK\nContent-Length: 0\n\n", 200),
                Arguments.of("HTTP/1.1 401 No\r\nWWW-Authenticate: =,;\r\nContent-Length: 0\r\n\r\n", 401));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void a_response_counts_by_its_status_whatever_stands_around_it(String response, int status) throws IOException {
        try (var server = new ScriptedServer("127.0.0.1", 0, response)) {
            assertThat(post(server.url("127.0.0.1"), InetAddress::getAllByName, PATIENT))
                    .isEqualTo(new Status(status, Optional.empty()));
        }
    }

    @Test
    void a_body_that_is_not_text_is_kept_with_replacements() throws IOException {
        var response = "HTTP/1.1 500 No\r\nContent-Length: 5\r\n\r\nok\0\u00ff!";
        try (var server = new ScriptedServer("127.0.0.1", 0, response.getBytes(ISO_8859_1))) {
            assertThat(post(server.url("127.0.0.1"), InetAddress::getAllByName, PATIENT)
                            .refusal())
                    .hasValue(new RefusedResponse(500, "ok\uFFFD\uFFFD!"));
        }
    }

    /// A head without an end is cut by its length.
    @ParameterizedTest
    @ValueSource(ints = {70_000, 50_000_000})
    void a_head_longer_than_any_real_one_is_no_answer(int length) throws IOException {
        try (var server = new ScriptedServer("127.0.0.1", 0, "HTTP/1.1 200 OK\r\nX-Filler: " + "x".repeat(length))) {
            assertThat(post(server.url("127.0.0.1"), InetAddress::getAllByName, PATIENT))
                    .isInstanceOf(NoAnswer.class);
        }
    }

    /// nodejs/node #54366: a receiver that refuses a long batch from its head, and closes without reading the rest.
    @ParameterizedTest
    @ValueSource(ints = {413, 401, 503, 200})
    void a_response_to_a_request_that_was_not_read_counts(int status) throws IOException {
        var response = "HTTP/1.1 " + status + " Early\r\nContent-Length: 0\r\n\r\n";
        try (var server = new HastyServer(response);
                var client = client(server.url(), new EgressPolicy(LOOPBACK, InetAddress::getAllByName), PATIENT)) {
            for (var i = 0; i < 3; i++) {
                assertThat(client.post(Map.of(), new byte[16 * 1024 * 1024]))
                        .isEqualTo(new Status(status, Optional.empty()));
            }
        }
    }

    @Test
    void a_connection_that_ends_while_a_request_is_sent_is_no_answer() throws IOException {
        try (var server = new HastyServer("");
                var client = client(server.url(), new EgressPolicy(LOOPBACK, InetAddress::getAllByName), PATIENT)) {
            assertThat(client.post(Map.of(), new byte[16 * 1024 * 1024])).isInstanceOf(NoAnswer.class);
        }
    }

    /// xroche/httrack #418: a name with several addresses, the first of which is a machine that is switched off.
    @Test
    void the_next_address_of_a_name_is_tried_while_there_is_time() throws IOException {
        try (var server = new ScriptedServer("127.0.0.1", 0, "HTTP/1.1 204 No Content\r\n\r\n");
                var dead = new SilentMachine("127.0.0.2", server.port())) {
            assertThat(dead.waiting()).isPositive();
            assertThat(post(server.url("crm.example.com"), addresses("127.0.0.2", "127.0.0.1"), PATIENT))
                    .isEqualTo(new Status(204, Optional.empty()));
        }
    }

    @Test
    void a_name_of_which_no_address_answers_is_timed_out() throws IOException {
        try (var dead = new SilentMachine("127.0.0.2", 0)) {
            assertThat(dead.waiting()).isPositive();
            var url = URI.create("http://crm.example.com:" + dead.port() + "/");
            assertThat(post(url, addresses("127.0.0.2", "127.0.0.2", "127.0.0.2"), 1_000))
                    .isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void a_client_that_was_closed_has_no_answer_and_blames_no_event() {
        var client =
                client(URI.create("http://127.0.0.1:1/"), new EgressPolicy(LOOPBACK, InetAddress::getAllByName), 1_000);
        client.close();
        assertThat(client.post(Map.of(), "{}".getBytes(UTF_8))).isInstanceOf(NoAnswer.class);
    }

    /// An IPv6 address in brackets, allowed as it is written.
    @Test
    void loopback_of_ipv6_is_called_where_it_is_allowed() throws IOException {
        try (var server = new ScriptedServer("::1", 0, "HTTP/1.1 204 No Content\r\n\r\n")) {
            assertThat(post(server.url("[::1]"), InetAddress::getAllByName, PATIENT))
                    .isEqualTo(new Status(204, Optional.empty()));
        }
    }

    /// http-kit/http-kit #336: names of containers hold underscores.
    @ParameterizedTest
    @ValueSource(strings = {"crm_app", "crm_app.internal", "_crm.example.com"})
    void a_name_with_an_underscore_is_called(String name) throws IOException {
        try (var server = new ScriptedServer("127.0.0.1", 0, "HTTP/1.1 204 No Content\r\n\r\n")) {
            assertThat(post(server.url(name), addresses("127.0.0.1"), PATIENT))
                    .isEqualTo(new Status(204, Optional.empty()));
            assertThat(server.request()).contains("Host: " + name + ":" + server.port() + "\r\n");
        }
    }

    /// apache/hertzbeat #3778 and apache/camel #9581: signatures in a query, and paths that a portal made. A client
    /// that
    /// writes them otherwise is refused.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?x=1",
                "//hooks//a",
                "/workflows/1/run?sp=%2Ftriggers%2Fmanual&sig=a%2Fb%2B%3D",
                "/a%2Fb;v=1/../c/./d",
                "/%E2%82%AC?to=http://a/b"
            })
    void a_url_is_requested_as_it_is_written(String target) throws IOException {
        try (var server = new ScriptedServer("127.0.0.1", 0, "HTTP/1.1 204 No Content\r\n\r\n")) {
            var url = URI.create("http://127.0.0.1:" + server.port() + target);
            assertThat(post(url, InetAddress::getAllByName, PATIENT)).isEqualTo(new Status(204, Optional.empty()));
            assertThat(server.request()).startsWith("POST " + target + " HTTP/1.1\r\n");
        }
    }

    @Test
    void so_is_one_behind_a_proxy() throws IOException {
        try (var proxy = new ScriptedServer("127.0.0.1", 0, "HTTP/1.1 204 No Content\r\n\r\n")) {
            var through =
                    new EgressConfig(false, List.of(), Optional.of(ProxyConfig.of("http://127.0.0.1:" + proxy.port())));
            var policy = new EgressPolicy(through, InetAddress::getAllByName);
            try (var client = client(URI.create("http://crm_app:8080/hooks"), policy, PATIENT)) {
                assertThat(client.post(Map.of(), "{}".getBytes(UTF_8))).isEqualTo(new Status(204, Optional.empty()));
            }
            assertThat(proxy.request()).startsWith("POST http://crm_app:8080/hooks ");
        }
    }

    private static EgressPolicy.Resolver addresses(String... texts) {
        var addresses = Stream.of(texts).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
        return host -> addresses;
    }

    private static DeliveryResult post(URI url, EgressPolicy.Resolver resolver, int milliseconds) {
        try (var client = client(url, new EgressPolicy(LOOPBACK, resolver), milliseconds)) {
            return client.post(Map.of("webhook-id", "evt_1"), "{}".getBytes(UTF_8));
        }
    }

    private static WebhookClient client(URI url, EgressPolicy policy, int milliseconds) {
        var secret = List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var config = new WebhookConfig(url, secret, Optional.empty(), Map.of(), Duration.ofMillis(milliseconds));
        return WebhookClient.open(config, policy, 2);
    }

    /// A machine that neither accepts nor refuses a connection: the queue of its port is full.
    private static final class SilentMachine implements AutoCloseable {
        private final ServerSocket server = new ServerSocket();
        private final List<SocketChannel> queue = new ArrayList<>();

        SilentMachine(String address, int port) throws IOException {
            server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port), 1);
            for (var i = 0; i < 8; i++) {
                var channel = SocketChannel.open();
                channel.configureBlocking(false);
                if (!channel.connect(server.getLocalSocketAddress())) {
                    queue.add(channel);
                }
            }
        }

        int port() {
            return server.getLocalPort();
        }

        int waiting() {
            return queue.size();
        }

        @Override
        public void close() throws IOException {
            for (var channel : queue) {
                channel.close();
            }
            server.close();
        }
    }

    /// Responds to the head of each request, and closes without reading the rest: the system resets the connection.
    private static final class HastyServer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        private final byte[] response;

        HastyServer(String response) throws IOException {
            this.response = response.getBytes(UTF_8);
            Thread.ofVirtual().start(this::serve);
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
        }

        private void serve() {
            while (!server.isClosed()) {
                try (var socket = server.accept()) {
                    socket.getInputStream().readNBytes(100);
                    socket.getOutputStream().write(response);
                } catch (IOException hungUp) {
                    // the client closed the connection; the test checks its reaction
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /// Reads each request and sends the same bytes back, then closes.
    private static final class ScriptedServer implements AutoCloseable {
        private final ServerSocket server;
        private final byte[] response;
        private volatile String request = "";

        ScriptedServer(String address, int port, String response) throws IOException {
            this(address, port, response.getBytes(UTF_8));
        }

        ScriptedServer(String address, int port, byte... response) throws IOException {
            this.server = new ServerSocket(port, 10, InetAddress.ofLiteral(address));
            this.response = response;
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return server.getLocalPort();
        }

        URI url(String host) {
            return URI.create("http://" + host + ":" + port() + "/");
        }

        String request() {
            return request;
        }

        private void serve() {
            while (!server.isClosed()) {
                try (var socket = server.accept()) {
                    request = read(socket);
                    socket.getOutputStream().write(response);
                    socket.shutdownOutput();
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException hungUp) {
                    // the client closed the connection; the test checks its reaction
                }
            }
        }

        /// Its body is two bytes.
        private static String read(Socket socket) throws IOException {
            var read = new StringBuilder();
            for (var next = 0; next >= 0 && !read.toString().endsWith("\r\n\r\n{}"); ) {
                next = socket.getInputStream().read();
                read.append((char) next);
            }
            return read.toString();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
