package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.throttle.AccountLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Limits of throttling policies, and what ends with time.
class AccountLimitsTest {
    private static final String ADA = "ada@example.com";
    private static final String EXCEEDED = "a:ErrorExceededConnectionCount";

    private final SimulatorTestBed bed = new SimulatorTestBed(
            NotificationRetrySchedule.Reading.TOTAL,
            AccountLimits.exchange().withSubscriptions(3).withStreams(1).withHistory(Duration.ofDays(7)));
    private final HttpClient client = HttpClient.newHttpClient();

    private CompletableFuture<String> post(URI url, String login) {
        var body = SimulatorRequests.envelope(ADA, SimulatorRequests.getFolder("inbox"));
        var request = HttpRequest.newBuilder(url)
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("Authorization", login)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body);
    }

    @Test
    void requests_of_one_login_beyond_the_limit_are_refused() {
        var config = SimulatorConfig.defaults().withLimits(AccountLimits.none().withConcurrency(2));
        try (var exchange = SimulatedExchange.start(config, Clock.systemUTC())) {
            exchange.addMailbox(ADA);
            exchange.faults().next(SimulatorFault.SLOW_RESPONSE, FaultScope.ANYWHERE.withValue("3s"), 100);

            var answers = IntStream.range(0, 10)
                    .mapToObj(number -> post(exchange.url(), "Basic c3ZjOng="))
                    .toList();
            var other = post(exchange.url(), "Basic b3RoZXI6eA==");

            assertThat(other.join()).contains("NoError");
            assertThat(answers.stream().map(CompletableFuture::join))
                    .anyMatch(answer -> answer.contains(EXCEEDED))
                    .anyMatch(answer -> answer.contains("NoError"));
            exchange.faults().clear();
            assertThat(post(exchange.url(), "Basic c3ZjOng=").join()).contains("NoError");
        }
    }

    @Test
    void subscriptions_of_all_kinds_count_together() {
        assertThat(bed.subscribe("")).contains("NoError");
        assertThat(bed.request(ADA, MailboxRequests.pull(10))).contains("NoError");
        assertThat(bed.request(ADA, streaming())).contains("NoError");
        assertThat(bed.request(ADA, streaming())).contains("ErrorExceededSubscriptionCount");
        assertThat(bed.subscribe("")).contains("ErrorExceededSubscriptionCount");

        bed.time.advance(Duration.ofMinutes(11));
        assertThat(bed.request(ADA, streaming())).contains("NoError");
    }

    @Test
    void a_second_stream_beyond_the_limit_is_refused_until_the_first_ends() {
        var id = SimulatorRequests.text(bed.request(ADA, streaming()), "m:SubscriptionId");
        var first = open(id);

        assertThat(bed.request(ADA, stream(id))).contains(EXCEEDED);

        first.close();
        first.close();
        open(id).close();
    }

    private StreamingResponse open(String id) {
        var answer = bed.ews.handle(Optional.empty(), SimulatorRequests.envelope(ADA, stream(id)));
        assertThat(answer).isInstanceOf(SimulatorResponse.Streamed.class);
        return ((SimulatorResponse.Streamed) answer).flow();
    }

    @Test
    void a_streaming_subscription_without_a_stream_ends_after_half_an_hour() {
        var kept = SimulatorRequests.text(bed.request(ADA, streaming()), "m:SubscriptionId");
        var left = SimulatorRequests.text(bed.request(ADA, streaming()), "m:SubscriptionId");
        var flow = open(kept);
        bed.time.advance(Duration.ofMinutes(31));
        flow.close();

        try (var stream = open(left)) {
            assertThat(stream.next().orElseThrow()).contains("ErrorSubscriptionNotFound", left);
        }
        try (var stream = open(kept)) {
            assertThat(stream.next().orElseThrow()).contains("<m:ConnectionStatus>OK<");
        }
    }

    @Test
    void a_request_during_a_back_off_doubles_it() {
        bed.faults.backOff(Duration.ofSeconds(10)).next(SimulatorFault.BUSY_MESSAGE, 1);
        var request = SimulatorRequests.getFolder("inbox");

        assertThat(bed.request(ADA, request)).contains("BackOffMilliseconds\">10000<");
        bed.time.advance(Duration.ofSeconds(9));
        assertThat(bed.request(ADA, request)).contains("BackOffMilliseconds\">20000<", "a:ErrorServerBusy");
        bed.time.advance(Duration.ofSeconds(19));
        assertThat(bed.request(ADA, request)).contains("BackOffMilliseconds\">40000<");
        bed.time.advance(Duration.ofSeconds(40));
        assertThat(bed.request(ADA, request)).contains("NoError");
    }

    @Test
    void without_limits_a_request_during_a_back_off_is_served() {
        var free = new SimulatorTestBed();
        free.faults.backOff(Duration.ofSeconds(10)).next(SimulatorFault.BUSY_MESSAGE, 1);
        free.request(ADA, SimulatorRequests.getFolder("inbox"));
        assertThat(free.request(ADA, SimulatorRequests.getFolder("inbox"))).contains("NoError");
    }

    @Test
    void a_watermark_is_refused_after_the_configured_days() {
        var watermark = SimulatorRequests.text(bed.subscribe(""), "m:Watermark");
        bed.ada.deliver("Hello");
        bed.time.advance(Duration.ofDays(6));
        assertThat(bed.subscribe(watermark)).contains("NoError");
        bed.time.advance(Duration.ofDays(2));
        assertThat(bed.subscribe(watermark)).contains("ErrorInvalidWatermark");
    }

    private static String streaming() {
        return "<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/>"
                + "</t:FolderIds><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>"
                + "</m:StreamingSubscriptionRequest></m:Subscribe>";
    }

    private static String stream(String id) {
        return "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>" + id
                + "</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>30</m:ConnectionTimeout>"
                + "</m:GetStreamingEvents>";
    }
}
