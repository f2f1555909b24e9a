package dev.tidemark.forwarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.RecordingReceiver;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.AddressRefused;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class WebhookClientTest {
    /// Timeout in milliseconds, long enough for a busy machine.
    private static final int PATIENT = 30_000;

    private static final EgressConfig LOOPBACK = new EgressConfig(false, List.of("127.0.0.0/8"));

    private static final Duration TRICKLE = Duration.ofMillis(20);
    private static final int HOUR = 3_600_000;

    private final RecordingReceiver receiver = new RecordingReceiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void a_port_without_a_listener_is_no_answer() {
        receiver.close();
        assertThat(post(receiver.url(), LOOPBACK, PATIENT))
                .isEqualTo(new NoAnswer("127.0.0.1:" + receiver.port()
                        + " refuses connections; start the receiver, or correct the sink's url"));
    }

    @Test
    void a_name_that_does_not_exist_is_no_answer() {
        assertThat(post(URI.create("http://nowhere.invalid/"), LOOPBACK, PATIENT))
                .isInstanceOf(NoAnswer.class);
    }

    @Test
    void no_tls_where_it_is_expected_is_no_answer() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> speakPlainly(server));
            assertThat(post(URI.create("https://127.0.0.1:" + server.getLocalPort() + "/"), LOOPBACK, PATIENT))
                    .isInstanceOf(NoAnswer.class);
        }
    }

    @Test
    void a_connection_cut_before_the_answer_is_no_answer() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> cut(server));
            assertThat(post(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), LOOPBACK, PATIENT))
                    .isInstanceOf(NoAnswer.class);
        }
    }

    @Test
    void an_answer_that_does_not_come_is_timed_out_and_not_asked_for_again() throws InterruptedException {
        var released = new CountDownLatch(1);
        receiver.answer(call -> {
            await(released);
            return RecordingReceiver.Reply.of(200);
        });
        assertThat(post(receiver.url(), LOOPBACK, 500)).isEqualTo(new TimedOut(Duration.ofMillis(500)));
        released.countDown();
        // no request arrives if the timeout ended before it was sent
        assertThat(receiver.calls()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void an_answer_whose_head_trickles_is_timed_out_too() throws IOException {
        try (var server = new Babbler("HTTP/1.1 200 OK\r\nX-", "x", TRICKLE)) {
            assertThat(post(server.url(), LOOPBACK, 400)).isInstanceOf(TimedOut.class);
            server.awaitHungUp();
        }
    }

    @Test
    void an_answer_whose_body_trickles_counts_as_it_is_and_is_left_at_the_time_out() throws IOException {
        try (var server = new Babbler("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x", TRICKLE)) {
            // on a busy machine even the head may arrive too late
            var answers =
                    Stream.generate(() -> post(server.url(), LOOPBACK, 400)).limit(50);
            assertThat(answers.anyMatch(new Status(200, Optional.empty())::equals))
                    .isTrue();
            server.awaitHungUp();
        }
    }

    @Test
    void an_answer_whose_body_never_ends_counts_as_it_is_and_is_left_long_before_the_time_out() throws IOException {
        var head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (var server = new Babbler(head, "1000\r\n" + "x".repeat(0x1000) + "\r\n", Duration.ZERO);
                var client = open(server.url(), LOOPBACK, HOUR)) {
            for (var i = 1; i <= 3; i++) {
                assertThat(client.post(Map.of(), "{}".getBytes(UTF_8))).isEqualTo(new Status(200, Optional.empty()));
                server.awaitHungUp();
            }
        }
    }

    @Test
    void an_answer_whose_body_breaks_off_counts_as_it_is() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> breakOff(server));
            assertThat(post(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), LOOPBACK, HOUR))
                    .isEqualTo(new Status(200, Optional.empty()));
        }
    }

    @Test
    void a_connection_that_does_not_come_about_is_timed_out() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var crowd = new Crowd(server)) {
            assertThat(crowd.size()).isPositive();
            var url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            assertThat(post(url, LOOPBACK, 300)).isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void a_handshake_that_does_not_come_is_timed_out() throws IOException {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var url = URI.create("https://127.0.0.1:" + server.getLocalPort() + "/");
            assertThat(post(url, LOOPBACK, 300)).isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void a_body_that_is_never_read_times_out() throws IOException {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                var client = open(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), LOOPBACK, 300)) {
            assertThat(client.post(Map.of(), new byte[50_000_000])).isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void the_address_that_was_checked_is_the_one_that_is_called_and_is_checked_at_each_connection() throws IOException {
        receiver.answer(call -> new RecordingReceiver.Reply(204, Map.of("Connection", "close"), ""));
        var asked = new AtomicInteger();
        // first an allowed address, then a forbidden one, as in a DNS rebinding attack
        var egress = new EgressPolicy(new EgressConfig(false, List.of("127.0.0.1")), host ->
                new InetAddress[] {InetAddress.ofLiteral(asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")});
        var url = URI.create("http://crm.example.com:" + receiver.port() + "/");
        try (var client = WebhookClient.open(config(url, PATIENT), egress, 2)) {
            assertThat(client.post(Map.of(), "{}".getBytes(UTF_8))).isEqualTo(new Status(204, Optional.empty()));
            assertThat(asked).hasValue(1);
            assertThat(client.post(Map.of(), "{}".getBytes(UTF_8))).isInstanceOf(AddressRefused.class);
            assertThat(asked).hasValue(2);
        }
        assertThat(receiver.count()).isOne();
    }

    @Test
    void a_redirect_is_not_followed() {
        receiver.answer(call -> new RecordingReceiver.Reply(307, Map.of("Location", "/elsewhere"), ""));
        assertThat(post(receiver.url(), LOOPBACK, PATIENT)).isEqualTo(new Status(307, Optional.empty()));
        assertThat(receiver.calls()).hasSize(1);
    }

    @Test
    void a_busy_answer_is_not_repeated_and_says_when_to_come_back() {
        receiver.answer(call -> new RecordingReceiver.Reply(503, Map.of("Retry-After", "0"), ""));
        assertThat(post(receiver.url(), LOOPBACK, PATIENT)).isEqualTo(new Status(503, Optional.of("0")));
        assertThat(receiver.calls()).hasSize(1);
    }

    @Test
    void connections_are_used_again_also_after_answers_with_a_body() throws InterruptedException {
        receiver.answer(call -> new RecordingReceiver.Reply(200, Map.of(), "thank you"));
        try (var client = open(receiver.url(), LOOPBACK, PATIENT)) {
            for (var i = 0; i < 5; i++) {
                assertThat(client.post(Map.of(), "{}".getBytes(UTF_8))).isEqualTo(new Status(200, Optional.empty()));
            }
        }
        var ports = new HashSet<Integer>();
        receiver.calls().forEach(call -> ports.add(call.port()));
        assertThat(ports).hasSize(1);
    }

    @Test
    void the_beginning_of_the_last_refusal_is_kept() {
        try (var client = open(receiver.url(), LOOPBACK, PATIENT)) {
            client.post(Map.of(), "{}".getBytes(UTF_8));
            assertThat(client.lastRefusal()).isEmpty();
            receiver.answer(call -> new RecordingReceiver.Reply(422, Map.of(), "unknown field 'b\u00e4r'"));
            client.post(Map.of(), "{}".getBytes(UTF_8));
            assertThat(client.lastRefusal()).hasValue(new RefusedResponse(422, "unknown field 'b\u00e4r'"));
            receiver.answer(call -> new RecordingReceiver.Reply(500, Map.of(), "x".repeat(100_000)));
            client.post(Map.of(), "{}".getBytes(UTF_8));
            receiver.answer(call -> new RecordingReceiver.Reply(200, Map.of(), "thank you"));
            client.post(Map.of(), "{}".getBytes(UTF_8));
            assertThat(client.lastRefusal()).hasValue(new RefusedResponse(500, "x".repeat(4096)));
        }
    }

    @Test
    void a_body_is_cut_between_two_characters() {
        receiver.answer(call -> new RecordingReceiver.Reply(500, Map.of(), "x" + "\u00e4".repeat(100_000)));
        var kept = new RefusedResponse(500, "x" + "\u00e4".repeat(2047));
        assertThat(post(receiver.url(), LOOPBACK, PATIENT).refusal()).hasValue(kept);
    }

    @Test
    void an_endless_answer_is_not_read_to_its_end() {
        receiver.answer(call -> new RecordingReceiver.Reply(200, Map.of(), "x".repeat(5_000_000)));
        try (var client = open(receiver.url(), LOOPBACK, PATIENT)) {
            for (var i = 0; i < 3; i++) {
                assertThat(client.post(Map.of(), "{}".getBytes(UTF_8))).isEqualTo(new Status(200, Optional.empty()));
            }
        }
    }

    @Test
    void loopback_is_refused_unless_allowed_and_nothing_reaches_it() {
        for (var host : List.of("127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]")) {
            var url = URI.create("http://" + host + ":" + receiver.port() + "/");
            assertThat(post(url, EgressConfig.standard(), PATIENT)).as(host).isInstanceOf(AddressRefused.class);
        }
        assertThat(receiver.calls()).isEmpty();
    }

    @Test
    void a_proxy_is_asked_and_resolves_the_name_itself() {
        var answer = post(URI.create("http://crm.nowhere.invalid/hooks"), through(receiver.port()), PATIENT);
        assertThat(answer).isEqualTo(new Status(204, Optional.empty()));
        assertThat(receiver.calls().getFirst().path()).isEqualTo("/hooks");
        assertThat(receiver.calls().getFirst().header("Host")).isEqualTo("crm.nowhere.invalid");
    }

    @Test
    void through_a_proxy_closed_addresses_and_known_names_stay_closed() {
        for (var host : List.of("127.0.0.1", "localhost", "[::1]", "2130706433", "metadata.google.internal")) {
            var url = URI.create("http://" + host + "/");
            assertThat(post(url, through(receiver.port()), PATIENT)).as(host).isInstanceOf(AddressRefused.class);
        }
        assertThat(receiver.calls()).isEmpty();
    }

    @Test
    void a_proxy_that_refuses_is_no_answer_of_the_sink() throws IOException {
        receiver.answer(call -> RecordingReceiver.Reply.of(407));
        assertThat(post(URI.create("http://crm.example.com/"), through(receiver.port()), PATIENT))
                .isInstanceOf(NoAnswer.class);
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> refuseTunnel(server));
            assertThat(post(URI.create("https://crm.example.com/"), through(server.getLocalPort()), PATIENT))
                    .isInstanceOf(NoAnswer.class);
        }
    }

    @Test
    void a_proxy_that_does_not_run_is_named_in_place_of_the_sink() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (var scheme : List.of("http", "https")) {
            assertThat(post(URI.create(scheme + "://crm.example.com/"), through(port), PATIENT))
                    .isInstanceOfSatisfying(
                            NoAnswer.class,
                            none -> assertThat(none.toString())
                                    .contains("the proxy 127.0.0.1:" + port + " refuses connections"));
        }
    }

    /// Fills the queue of a server that accepts no connection, so that Linux lets further connections wait.
    private static final class Crowd implements AutoCloseable {
        private final List<SocketChannel> waiting = new ArrayList<>();

        Crowd(ServerSocket server) throws IOException {
            for (var i = 0; i < 8; i++) {
                var channel = SocketChannel.open();
                channel.configureBlocking(false);
                if (!channel.connect(server.getLocalSocketAddress())) {
                    waiting.add(channel);
                }
            }
        }

        int size() {
            return waiting.size();
        }

        @Override
        public void close() throws IOException {
            for (var channel : waiting) {
                channel.close();
            }
        }
    }

    private static EgressConfig through(int port) {
        return new EgressConfig(false, List.of(), Optional.of(ProxyConfig.of("http://127.0.0.1:" + port)));
    }

    private static void refuseTunnel(ServerSocket server) {
        try (var socket = server.accept()) {
            assertThat(socket.getInputStream().read()).isPositive();
            socket.getOutputStream()
                    .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void speakPlainly(ServerSocket server) {
        try (var socket = server.accept()) {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void cut(ServerSocket server) {
        try (var socket = server.accept()) {
            assertThat(socket.getInputStream().read()).isPositive();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void breakOff(ServerSocket server) {
        try (var socket = server.accept()) {
            readRequest(socket);
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nfirst".getBytes(UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Its body is two bytes; closing a socket with unread bytes would reset the connection.
    private static void readRequest(Socket socket) throws IOException {
        var read = new StringBuilder();
        while (!read.toString().endsWith("{}")) {
            var next = socket.getInputStream().read();
            assertThat(next).isNotNegative();
            read.append((char) next);
        }
    }

    /// Responds to each connection with a head and then repeats the body until the client disconnects.
    private static final class Babbler implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final Semaphore hungUp = new Semaphore(0);
        private final byte[] head;
        private final byte[] again;
        private final Duration pause;

        Babbler(String head, String again, Duration pause) throws IOException {
            this.head = head.getBytes(UTF_8);
            this.again = again.getBytes(UTF_8);
            this.pause = pause;
            Thread.ofVirtual().start(this::serve);
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
        }

        private void serve() {
            while (!server.isClosed()) {
                try (var socket = server.accept()) {
                    babble(socket);
                } catch (IOException hungUpOrClosed) {
                    hungUp.release();
                }
            }
        }

        private void babble(Socket socket) throws IOException {
            var out = socket.getOutputStream();
            out.write(head);
            while (true) {
                out.write(again);
                out.flush();
                LockSupport.parkNanos(pause.toNanos());
            }
        }

        void awaitHungUp() {
            try {
                assertThat(hungUp.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static DeliveryResult post(URI url, EgressConfig egress, int milliseconds) {
        try (var client = open(url, egress, milliseconds)) {
            return client.post(Map.of("webhook-id", "evt_1"), "{}".getBytes(UTF_8));
        }
    }

    private static WebhookClient open(URI url, EgressConfig egress, int milliseconds) {
        return WebhookClient.open(config(url, milliseconds), new EgressPolicy(egress, InetAddress::getAllByName), 2);
    }

    private static WebhookConfig config(URI url, int milliseconds) {
        var secret = List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        return new WebhookConfig(url, secret, Optional.empty(), Map.of(), Duration.ofMillis(milliseconds));
    }
}
