package dev.tidemark.ews;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EventStream.StreamStep;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Responses that users of other clients reported, byte by byte. Each test names the report that it repeats.
@Timeout(180)
class ServerReportsTest {
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String GRANTED = envelope("<m:SubscribeResponse><m:ResponseMessages>"
            + "<m:SubscribeResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>"
            + "<m:SubscriptionId>sub-1</m:SubscriptionId><m:Watermark>wm-1</m:Watermark>"
            + "</m:SubscribeResponseMessage></m:ResponseMessages></m:SubscribeResponse>");

    private static final Success<SubscribeResult> SUCCESS =
            new Success<>(new SubscribeResult(new SubscriptionId("sub-1"), Optional.of(new Watermark("wm-1"))));

    static Stream<Arguments> answers() {
        var length = "Content-Length: " + bytes(GRANTED).length + "\r\n\r\n";
        return Stream.of(
                // snoyberg/http-client #521
                Arguments.of("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + length, bytes(GRANTED)),
                // renatoathaydes/rawhttp #60
                Arguments.of(OK + "Content-Security-Policy: " + "x".repeat(20_000) + "\r\n" + length, bytes(GRANTED)),
                Arguments.of(OK + "Set-Cookie: a=b; path=/\r\n".repeat(150) + length, bytes(GRANTED)),
                // apache/httpcomponents-client #698
                Arguments.of(OK + "Content-Encoding: UTF-8\r\n" + length, bytes(GRANTED)),
                Arguments.of(OK + "Content-Encoding: gzip\r\n" + length, bytes(GRANTED)),
                // gautamsi/ews-javascript-api #341
                Arguments.of(OK + "Content-Encoding: gzip\r\n\r\n", gzip(GRANTED)),
                Arguments.of(OK + "Content-Encoding: x-gzip\r\n\r\n", gzip(GRANTED)),
                Arguments.of(OK + "\r\n", gzip(GRANTED)),
                // dart-lang/sdk #45679, kubernetes/ingress-nginx #11162, spray/spray #861, snoyberg/http-client #398
                Arguments.of(OK + length.replace("\r\n\r\n", "\r\n") + length, bytes(GRANTED)),
                Arguments.of(OK + "Transfer-Encoding: chunked\r\n".repeat(2) + "\r\n", chunked(GRANTED)),
                Arguments.of(OK + "Transfer-Encoding: identity\r\n" + length, bytes(GRANTED)),
                Arguments.of(OK + "Strict-Transport-Security: max-age=1;\r\npreload\r\n" + length, bytes(GRANTED)),
                // hollie/misterhouse #755 and dreeve #2630: blank lines before the declaration
                Arguments.of(OK + "\r\n", bytes("\r\n  " + GRANTED)),
                Arguments.of(OK + "\r\n", bytes("\ufeff" + GRANTED)),
                Arguments.of(OK + "\r\n", bytes("\ufeff\r\n" + GRANTED)),
                Arguments.of(
                        OK + "\r\n",
                        bytes("\n" + GRANTED.replace("<m:SubscriptionId>", "<!--\u0001--><m:SubscriptionId>"))),
                Arguments.of(OK + "\r\n", GRANTED.replace("utf-8", "utf-16").getBytes(StandardCharsets.UTF_16)),
                Arguments.of(OK + "\r\n", bytes(GRANTED + "<!-- added by a proxy -->")),
                Arguments.of("HTTP/1.0 200\r\n\r\n", bytes(GRANTED)));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void an_answer_is_read_however_the_way_changed_it(String head, byte[] body) {
        assertThat(send(head, body)).isEqualTo(SUCCESS);
    }

    /// lysine-dev/okhttp #1550: the status counts even if the body cannot be read.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Content-Encoding: gzip\\r\\nContent-Length: 0                | ''
            Content-Encoding: gzip\\r\\nTransfer-Encoding: chunked       | 0\\r\\n\\r\\n
            Content-Encoding: gzip\\r\\nContent-Length: 4                | busy
            Content-Length: 400                                          | busy
            Transfer-Encoding: chunked                                   | fff\\r\\nbusy
            Transfer-Encoding: chunked                                   | busy
            """)
    void a_refusal_counts_by_its_status(String headers, String body) {
        for (var status : new String[] {"503 Busy", "403 Forbidden", "500 Error"}) {
            var head = "HTTP/1.1 " + status + "\r\nRetry-After: 7\r\n" + headers.replace("\\r\\n", "\r\n") + "\r\n\r\n";
            assertThat(code(send(head, bytes(body.replace("\\r\\n", "\r\n")))))
                    .isEqualTo("Http" + status.substring(0, 3));
        }
    }

    @Test
    void a_refusal_with_gzip_that_breaks_off_counts_by_its_status() {
        var whole = gzip("busy".repeat(1_000));
        assertThat(code(send(
                        "HTTP/1.1 503 Busy\r\nContent-Encoding: gzip\r\n\r\n", Arrays.copyOf(whole, whole.length / 2))))
                .isEqualTo("Http503");
    }

    @Test
    void an_answer_that_breaks_off_is_none() {
        assertThat(code(send(OK + "Content-Length: 4000\r\n\r\n", bytes(GRANTED))))
                .isEqualTo("ConnectionBroken");
        assertThat(code(send(OK + "\r\n", Arrays.copyOf(gzip(GRANTED), 60)))).isEqualTo("ConnectionBroken");
    }

    /// Compresses gigabytes to a few KiB.
    @Test
    void a_body_that_unpacks_beyond_the_limit_is_left() {
        assertThat(code(send(OK + "Content-Encoding: gzip\r\n\r\n", gzip(" ".repeat(PostRequest.MAX_RESPONSE + 1)))))
                .isEqualTo("HttpTooLarge");
    }

    /// ecederstrand/exchangelib #131 and linkedin/pyexchange #76: a login form with status 200.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE html><html><body>Sign in</body></html>",
                "\ufeff\r\n<HTML dir=ltr><HEAD><TITLE>The page cannot be displayed</TITLE>",
                "<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>"
            })
    void a_web_page_is_told_as_that(String page) {
        assertThat(error(send(OK + "Content-Type: text/html\r\n\r\n", bytes(page)))
                        .text())
                .contains("login form");
    }

    /// augustd/owasp-security-logging #59: a server's text neither ends a log line nor controls a terminal.
    @Test
    void a_server_s_sentence_is_one_line_and_no_longer_than_one() {
        var text = "Busy.\r\n2026-01-01T00:00:00Z ERROR Store: all is lost\u0085\u001b[2J" + "x".repeat(100_000);
        var fault = envelope("<soap11:Fault><faultcode>a:ErrorServerBusy</faultcode><faultstring>" + text
                + "</faultstring></soap11:Fault>");
        assertThat(error(send("HTTP/1.1 500 Error\r\n\r\n", bytes(fault))).text())
                .startsWith("Busy. 2026-01-01T00:00:00Z ERROR Store: all is lost ")
                .hasSizeLessThan(600)
                .matches("[^\\p{Cntrl}\\u0080-\\u009f]*");
    }

    /// gautamsi/ews-javascript-api #341, for a stream: compression without a request for it.
    @ParameterizedTest
    @ValueSource(strings = {"Content-Encoding: gzip\r\n\r\n", "\r\n"})
    void a_stream_that_is_compressed_is_read_as_it_comes(String headers) throws IOException {
        var request = new GetStreamingEvents(List.of(new SubscriptionId("sub-1")), Duration.ofMinutes(1));
        var alive = events("<m:ConnectionStatus>OK</m:ConnectionStatus>");
        var closed = events("<m:ConnectionStatus>Closed</m:ConnectionStatus>");
        try (var server = new CompressingServer(OK + headers);
                var client = client(server.url(), PATIENT)) {
            var answer = client.stream(ADA, request);
            try (var stream = opened(answer)) {
                server.say(alive);
                assertThat(stream.next()).isEqualTo(new StreamStep.Arrived(List.of()));
                server.say(closed);
                assertThat(stream.next()).isEqualTo(new StreamStep.Ended(Optional.empty()));
            }
        }
    }

    /// xroche/httrack #418: one address of several takes only a part of the time.
    @Test
    void a_server_that_is_switched_off_leaves_time_for_the_next_address() throws IOException {
        try (var off = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var queue = crowd(off);
            var begin = System.nanoTime();
            try (var client = client(url(off), PATIENT)) {
                assertThat(code(client.send(ADA, SUBSCRIBE))).isEqualTo("ConnectionTimeout");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENT);
            for (var waiting : queue) {
                waiting.close();
            }
        }
    }

    private static List<SocketChannel> crowd(ServerSocket server) throws IOException {
        var queue = new ArrayList<SocketChannel>();
        for (var i = 0; i < 8; i++) {
            var channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
            queue.add(channel);
        }
        return queue;
    }

    private static String events(String status) {
        return envelope("<m:GetStreamingEventsResponse><m:ResponseMessages>"
                + "<m:GetStreamingEventsResponseMessage ResponseClass='Success'>"
                + "<m:ResponseCode>NoError</m:ResponseCode>" + status
                + "</m:GetStreamingEventsResponseMessage></m:ResponseMessages></m:GetStreamingEventsResponse>");
    }

    private static byte[] chunked(String text) {
        return bytes(Integer.toHexString(bytes(text).length) + "\r\n" + text + "\r\n0\r\n\r\n");
    }

    private static byte[] gzip(String text) {
        var out = new ByteArrayOutputStream();
        try (var compressor = new GZIPOutputStream(out)) {
            compressor.write(bytes(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static EventStream opened(EwsResult<EventStream> answer) {
        return switch (answer) {
            case Success<EventStream> success -> success.value();
            case Refused<EventStream> refused -> throw new AssertionError("refused: " + refused.error());
        };
    }

    private static String code(EwsResult<?> answer) {
        return error(answer).code().value();
    }

    private static EwsError error(EwsResult<?> answer) {
        return switch (answer) {
            case Success<?> success -> throw new AssertionError("not refused: " + success);
            case Refused<?> refused -> refused.error();
        };
    }

    private static EwsResult<SubscribeResult> send(String head, byte[] body) {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var client = client(url(server), PATIENT)) {
            Thread.ofVirtual().start(() -> answer(server, head, body));
            return client.send(ADA, SUBSCRIBE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(ServerSocket server, String head, byte[] body) {
        try (var socket = server.accept()) {
            readRequest(socket);
            socket.getOutputStream().write(bytes(head));
            socket.getOutputStream().write(body);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException hungUp) {
            // the client may hang up early; the test checks its result
        }
    }

    private static void readRequest(Socket socket) throws IOException {
        var read = new StringBuilder();
        while (!read.toString().endsWith(":Envelope>")) {
            read.append((char) socket.getInputStream().read());
        }
    }

    private static URI url(ServerSocket server) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/EWS/Exchange.asmx");
    }

    private static HttpEwsClient client(URI url, Duration timeout) {
        return HttpEwsClient.connect(
                new ConnectionConfig("onprem", url, "Exchange2013_SP1", new Auth.None(), true, timeout, 1),
                Clock.systemUTC());
    }

    /// Compresses its text, and sends each piece completely.
    private static final class CompressingServer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final CompletableFuture<GZIPOutputStream> out = new CompletableFuture<>();

        CompressingServer(String head) throws IOException {
            Thread.ofVirtual().start(() -> accept(head));
        }

        URI url() {
            return ServerReportsTest.url(server);
        }

        private void accept(String head) {
            try {
                var socket = server.accept();
                readRequest(socket);
                socket.getOutputStream().write(bytes(head));
                var compressor = new GZIPOutputStream(socket.getOutputStream(), 512, true);
                compressor.flush();
                out.complete(compressor);
            } catch (IOException e) {
                out.completeExceptionally(e);
            }
        }

        void say(String envelope) throws IOException {
            out.join().write(bytes(envelope));
            out.join().flush();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
