package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.values.MailboxAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests faults that another process orders over HTTP.
class InjectedFaultsTest {
    private static final String ADA = "ada@example.com";
    private static final String BOB = "bob@example.com";

    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-03-01T08:00:00Z"));
    private final SimulatedExchange exchange = SimulatedExchange.start(SimulatorConfig.defaults(), time);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void add_mailboxes() {
        exchange.addMailbox(ADA);
        exchange.addMailbox(BOB);
    }

    @AfterEach
    void stop() {
        client.close();
        exchange.close();
    }

    @Test
    void the_date_of_answers_and_of_mail_follows_the_clock_of_exchange() throws Exception {
        assertThat(date(request(ADA))).isEqualTo(time.clock().instant());

        inject("clock-offset?value=-3h");
        var id = exchange.mailbox(ADA).deliver("late").id();

        assertThat(date(request(ADA))).isEqualTo(time.clock().instant().minus(Duration.ofHours(3)));
        assertThat(request(ADA, SimulatorRequests.getItem(id)).body())
                .contains("<t:DateTimeReceived>2026-03-01T05:00:00Z</t:DateTimeReceived>");
        assertThat(exchange.ledger().delivered().getFirst().at())
                .isEqualTo(time.clock().instant());

        control("faults/clear");
        assertThat(date(request(ADA))).isEqualTo(time.clock().instant());
    }

    @Test
    void every_answer_has_a_date() throws Exception {
        inject("status-401");
        assertThat(date(request(ADA))).isEqualTo(time.clock().instant());
        inject("status-503");
        assertThat(date(request(ADA))).isEqualTo(time.clock().instant());
    }

    @Test
    void an_answer_that_brings_its_own_date_keeps_it() throws Exception {
        var own = "Sun, 06 Nov 1994 08:49:37 GMT";
        exchange.faults()
                .respondWith("GetFolder", new MailboxAddress(ADA), new ScriptedError.Http(502, Map.of("Date", own)));

        assertThat(request(ADA).headers().allValues("Date")).containsExactly(own);
    }

    @ParameterizedTest
    @CsvSource({
        "status-401, 401, 200",
        "status-403, 403, 200",
        "status-503, 503, 200",
        "deny-impersonation, 500, 200",
        "busy-fault, 500, 200",
        "html-error, 200, 200"
    })
    void hits_one_mailbox_and_spares_its_neighbor(String fault, int struck, int spared) throws Exception {
        inject(fault + "?rate=1&mailbox=" + ADA);

        assertThat(request(BOB).statusCode()).isEqualTo(spared);
        assertThat(request(BOB).body()).contains("NoError");
        assertThat(request(ADA).statusCode()).isEqualTo(struck);
        assertThat(request(ADA).body()).doesNotContain("NoError");
    }

    @Test
    void hits_one_operation_as_often_as_asked() throws Exception {
        inject("status-503?times=2&operation=SyncFolderItems");

        assertThat(request(ADA, SimulatorRequests.getFolder("inbox")).statusCode())
                .isEqualTo(200);
        assertThat(request(ADA, SimulatorRequests.syncFolderItems("", 5)).statusCode())
                .isEqualTo(503);
        assertThat(request(BOB, SimulatorRequests.syncFolderItems("", 5)).statusCode())
                .isEqualTo(503);
        assertThat(request(ADA, SimulatorRequests.syncFolderItems("", 5)).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"31536000", "9223372036854775807", "Sun, 06 Nov 2044 08:49:37 GMT", "-1", "soon"})
    void asks_for_waits_of_any_length(String wait) throws Exception {
        inject("status-503?value=" + encoded(wait));

        assertThat(request(ADA).headers().firstValue("Retry-After")).contains(wait);
    }

    @ParameterizedTest
    @CsvSource({
        "fault, 500, <s:Fault>",
        "message, 200, <m:ResponseCode>ErrorServerBusy</m:ResponseCode>",
        "inner, 200, Name=\"InnerErrorResponseCode\">ErrorServerBusy<"
    })
    void is_busy_in_three_shapes(String shape, int status, String sign) throws Exception {
        inject("busy?value=" + shape);
        var answer = request(ADA);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(sign);

        inject("busy-" + shape + "?value=9223372036854775807");
        assertThat(request(ADA).body()).contains("Name=\"BackOffMilliseconds\">9223372036854775807<");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lose-notification", "unavailable", "unauthorized", "forbidden", "busy-message", "unreachable"})
    void knows_its_faults_by_their_former_names_as_well(String name) throws Exception {
        assertThat(control("faults/" + name).statusCode()).isEqualTo(200);
    }

    @Test
    void refuses_values_that_it_cannot_use() throws Exception {
        assertThat(control("faults/clock-offset").body()).contains("needs a value");
        assertThat(control("faults/clock-offset?value=often").body()).contains("no length of time");
        assertThat(control("faults/corrupt-item?value=odd").body()).contains("unknown-kind");
        assertThat(control("faults/busy?value=odd").statusCode()).isEqualTo(400);
    }

    @Test
    void closes_a_connection_that_has_been_idle() throws Exception {
        inject("close-idle?rate=1");
        try (var connection = new Connection()) {
            assertThat(connection.request()).startsWith("HTTP/1.1 200");
            assertThat(connection.endOfStream()).isTrue();
        }
        control("faults/clear");
        try (var connection = new Connection()) {
            assertThat(connection.request()).startsWith("HTTP/1.1 200");
            assertThat(connection.request()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void closes_a_kept_connection_under_its_next_request_and_does_not_look_at_that() throws Exception {
        inject("close-on-use");
        var before = exchange.requests().size();
        try (var connection = new Connection()) {
            assertThat(connection.request()).startsWith("HTTP/1.1 200");
            connection.send();
            assertThat(connection.endOfStream()).isTrue();
        }
        assertThat(exchange.requests()).hasSize(before + 1);
    }

    @Test
    void compresses_an_answer() throws Exception {
        inject("compress-response");
        var request = post("/EWS/Exchange.asmx", SimulatorRequests.envelope(ADA, SimulatorRequests.getFolder("inbox")));
        var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).contains("NoError");
        }
    }

    @Test
    void sends_half_of_an_answer() throws Exception {
        inject("half-response");

        assertThatThrownBy(() -> request(ADA)).isInstanceOf(IOException.class);
        assertThat(request(ADA).body()).contains("NoError");
    }

    @Test
    void takes_its_time_with_an_answer() throws Exception {
        inject("slow-response?value=300ms");
        var start = System.nanoTime();

        assertThat(request(ADA).body()).contains("NoError");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    private HttpResponse<String> request(String mailbox) throws IOException, InterruptedException {
        return request(mailbox, SimulatorRequests.getFolder("inbox"));
    }

    private HttpResponse<String> request(String mailbox, String body) throws IOException, InterruptedException {
        return client.send(
                post("/EWS/Exchange.asmx", SimulatorRequests.envelope(mailbox, body)),
                HttpResponse.BodyHandlers.ofString());
    }

    private void inject(String fault) throws IOException, InterruptedException {
        assertThat(control("faults/" + fault).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> control(String path) throws IOException, InterruptedException {
        return client.send(post("/simulator/" + path, ""), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + exchange.port() + path))
                .header("Content-Type", "text/xml; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static Instant date(HttpResponse<?> answer) {
        var text = answer.headers().firstValue("Date").orElseThrow();
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Connection that stays open as long as the server keeps it.
    private final class Connection implements AutoCloseable {
        private final Socket socket;

        Connection() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), exchange.port());
            socket.setSoTimeout(60_000);
        }

        /// Sends a request and reads the whole response, which ends with an empty chunk.
        String request() throws IOException {
            send();
            var found = new StringBuilder();
            while (!found.toString().endsWith("\r\n0\r\n\r\n")) {
                var next = socket.getInputStream().read();
                assertThat(next).as("a byte of the answer").isNotNegative();
                found.append((char) next);
            }
            return found.toString();
        }

        void send() throws IOException {
            var body = SimulatorRequests.envelope(ADA, SimulatorRequests.getFolder("inbox"));
            socket.getOutputStream()
                    .write(("POST /EWS/Exchange.asmx HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
                                    + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
        }

        boolean endOfStream() throws IOException {
            try {
                return socket.getInputStream().read() < 0;
            } catch (IOException reset) {
                return !(reset instanceof SocketTimeoutException);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
