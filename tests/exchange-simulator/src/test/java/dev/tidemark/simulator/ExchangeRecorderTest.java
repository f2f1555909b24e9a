package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.junit.ExchangeTest;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.record.ExchangeRecorder;
import dev.tidemark.simulator.record.RecordingFolder;
import dev.tidemark.simulator.record.RecordingFolder.RecordedCall;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records a simulated Exchange in the place of a real one, and replays the recording.
class ExchangeRecorderTest {
    private static final String ADA = "ada.lovelace@firm.example";
    private static final String LOGIN = "Basic " + base64("svc-push:open sesame");
    private static final Pattern ID =
            Pattern.compile("(?:Id|ChangeKey)=\"([^\"]{12,})\"|<[mt]:(?:SubscriptionId|Watermark|SyncState)>([^<]+)<");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{16,}");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<String> secrets = new LinkedHashSet<>(List.of(
            "lovelace",
            "hopper",
            "firm.example",
            "merger",
            "sesame",
            "listener-token",
            "Acquisitions",
            "simulated.example",
            "127.0.0.1",
            "svc-push"));
    private final SimulatedExchange real = SimulatedExchange.start(
            SimulatorConfig.defaults().withLogin("svc-push", "open sesame").withSpeed(60), Clock.systemUTC());

    @TempDir
    private Path temporary;

    private Path folder;
    private ExchangeRecorder recorder;

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void start() {
        folder = temporary.resolve("recording");
        real.addMailbox(ADA);
        recorder = ExchangeRecorder.start(
                new ExchangeRecorder.RecorderSettings(real.url(), folder, "127.0.0.1", 0, false));
    }

    @AfterEach
    void close() {
        recorder.close();
        real.close();
    }

    private String call(String body) throws Exception {
        var before = recorder.calls();
        var answer = post(recorder.url(), SimulatorRequests.envelope(ADA, body));
        await().until(() -> recorder.calls() > before);
        var found = ID.matcher(answer);
        while (found.find()) {
            secrets.add(found.group(1) == null ? found.group(2) : found.group(1));
        }
        return answer;
    }

    private String post(URI url, String body) throws Exception {
        var request = HttpRequest.newBuilder(url)
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("Authorization", LOGIN)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /// Uses most operations; returns the response to the first synchronization.
    private String use() throws Exception {
        var mail = SimulatedMail.of("About the merger")
                .from("grace.hopper@firm.example")
                .body("The merger is on Monday.");
        var item = real.mailbox(ADA).deliver(mail);
        var page = call(SimulatorRequests.syncFolderItems("", 10));
        assertThat(call(SimulatorRequests.getItem(item.id()))).contains("merger", ADA);
        assertThat(call(SimulatorRequests.subscribe(30, "").replace("token", "listener-token")))
                .contains("NoError");
        call(MailboxRequests.createFolder("inbox", "Acquisitions"));
        call(MailboxRequests.createMessage(
                "SendAndSaveCopy", "Re: merger", MailboxRequests.to("To", "grace.hopper@firm.example")));
        call(MailboxRequests.set("item:Subject", "Message", "<t:Subject>merger</t:Subject>")
                .transform(set -> MailboxRequests.update(item.id(), set)));
        call("<m:ResolveNames ReturnFullContactData=\"true\"><m:UnresolvedEntry>ada</m:UnresolvedEntry>"
                + "</m:ResolveNames>");
        call(MailboxRequests.oof().replace("ada@example.com", ADA));
        call(MailboxRequests.convertId("EwsId", item.id(), "HexEntryId").replace("ada@example.com", ADA));
        return page;
    }

    private List<String> files() throws IOException {
        var contents = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                contents.add(file.getFileName() + " " + Files.readString(file));
            }
        }
        return contents;
    }

    @Test
    void nothing_of_the_original_is_written() throws Exception {
        use();
        real.inject(SimulatorFault.HTML_ERROR);
        call(SimulatorRequests.getFolder("inbox"));

        assertThat(secrets).hasSizeGreaterThan(20);
        assertThat(files()).hasSize(21).allSatisfy(content -> {
            secrets.forEach(secret -> assertThat(content).doesNotContainIgnoringCase(secret));
            BASE64.matcher(content)
                    .results()
                    .map(found -> decoded(found.group()).toLowerCase(Locale.ROOT))
                    .forEach(decoded -> assertThat(decoded).doesNotContain("example", "sesame"));
        });
    }

    private static String decoded(String text) {
        return new String(
                Base64.getDecoder().decode(text.substring(0, text.length() / 4 * 4)), StandardCharsets.ISO_8859_1);
    }

    @Test
    void the_recording_is_consistent_and_valid() throws Exception {
        use();
        var calls = RecordingFolder.read(folder);
        var schema = new MessagesSchema();

        assertThat(calls)
                .extracting(RecordedCall::operation)
                .startsWith("SyncFolderItems", "GetItem", "Subscribe", "CreateFolder", "CreateItem", "UpdateItem");
        assertThat(calls).allSatisfy(call -> {
            schema.check(call.request());
            schema.check(call.response());
            assertThat(call.mailbox()).contains("user1@example.com");
            assertThat(call.request()).contains("Exchange2013_SP1", "user1@example.com");
        });
        assertThat(itemId(calls.get(1).request())).isEqualTo(itemId(calls.get(0).response()));
        assertThat(calls.get(1).response()).contains("NoError", "user2@example.com", "IPM.Note");
        assertThat(calls.get(5).request()).contains("item:Subject", "AutoResolve");
    }

    private static String itemId(String document) {
        return Pattern.compile("<t:ItemId[^>]* Id=\"([^\"]*)\"")
                .matcher(document)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    @Test
    @ExchangeTest
    void a_recording_is_replayed_in_its_order(SimulatedExchange exchange) throws Exception {
        use();
        real.faults().next(SimulatorFault.UNAVAILABLE, 1);
        call(SimulatorRequests.getFolder("inbox"));
        exchange.replay(folder);

        for (var call : RecordingFolder.read(folder)) {
            var answer = post(exchange.url(), call.request());
            assertThat(answer.isEmpty() || call.response().isEmpty() ? call.response() : answer)
                    .isEqualTo(call.response());
        }
        assertThat(post(
                        exchange.url(),
                        SimulatorRequests.envelope("user1@example.com", SimulatorRequests.getFolder("inbox"))))
                .contains("<t:DisplayName>Inbox</t:DisplayName>");
    }

    @Test
    void busy_responses_keep_their_back_off() throws Exception {
        real.faults().next(SimulatorFault.BUSY_FAULT, 1).next(SimulatorFault.BUSY_INNER, 1);
        call(SimulatorRequests.getFolder("inbox"));
        call(SimulatorRequests.getFolder("inbox"));

        assertThat(RecordingFolder.read(folder))
                .extracting(RecordedCall::status)
                .containsExactly(500, 200);
        assertThat(String.join("", files()))
                .contains("a:ErrorServerBusy</faultcode>", "Name=\"BackOffMilliseconds\">1000<")
                .contains("Name=\"InnerErrorResponseCode\">ErrorServerBusy<");
    }

    @Test
    void a_stream_is_recorded_with_all_its_envelopes() throws Exception {
        var id = SimulatorRequests.text(
                call("<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/>"
                        + "</t:FolderIds><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>"
                        + "</m:StreamingSubscriptionRequest></m:Subscribe>"),
                "m:SubscriptionId");
        call("<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>" + id
                + "</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout>"
                + "</m:GetStreamingEvents>");

        var stream = RecordingFolder.read(folder).get(1).response();

        assertThat(stream.split("</Envelope>")).hasSizeGreaterThan(1);
        assertThat(stream).contains("<m:ConnectionStatus>OK<", "<m:ConnectionStatus>Closed<");
    }

    @Test
    void refuses_a_folder_that_is_not_empty() throws Exception {
        Files.writeString(Files.createDirectories(temporary.resolve("full")).resolve("mine"), "x");
        assertThatThrownBy(() -> ExchangeRecorder.start(new ExchangeRecorder.RecorderSettings(
                        real.url(), temporary.resolve("full"), "127.0.0.1", 0, false)))
                .isInstanceOf(SimulatorException.class)
                .hasMessageContaining("is not empty");
    }

    @Test
    void a_server_that_does_not_respond_gives_502() throws Exception {
        real.close();
        assertThat(call(SimulatorRequests.getFolder("inbox"))).isEmpty();
        assertThat(RecordingFolder.read(folder))
                .extracting(RecordedCall::status)
                .containsExactly(502);
    }
}
