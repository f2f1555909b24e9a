package dev.tidemark.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackProbe;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.store.model.SinkName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Checks that a check ends what it began, whatever changes or fails meanwhile.
final class LiveCheckTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName BUS = new SinkName("bus");
    private static final Clock CLOCK = Clock.systemUTC();

    private static final String NOTIFICATION = """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
            <m:SendNotification xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
                xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages>
            <m:SendNotificationResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>
            <m:Notification><t:SubscriptionId>sub-1</t:SubscriptionId><t:PreviousWatermark>w1</t:PreviousWatermark>
            <t:MoreEvents>false</t:MoreEvents><t:StatusEvent><t:Watermark>w1</t:Watermark></t:StatusEvent>
            </m:Notification></m:SendNotificationResponseMessage>
            </m:ResponseMessages></m:SendNotification></s:Body></s:Envelope>
            """;

    private static CallbackListener listener() {
        var config = new ListenerConfig(
                "127.0.0.1",
                0,
                "",
                List.of(),
                List.of(),
                "/healthz",
                1 << 20,
                2,
                100,
                Duration.ZERO,
                Duration.ofSeconds(10),
                Optional.empty());
        return CallbackListener.startForProbes(config, CLOCK);
    }

    private static void callBack(CallbackListener listener, CallbackProbe probe)
            throws IOException, InterruptedException {
        var url = "http://127.0.0.1:" + listener.port() + listener.callbackPath(probe.attempt());
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString(NOTIFICATION))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_sink_that_was_removed_during_the_check_is_a_failed_step_and_the_others_are_tested() throws Exception {
        var check = new LiveCheck(
                new CheckPlan(List.of(), List.of(BUS, CRM)),
                group -> MailboxSample.of(List.of()),
                Optional.empty(),
                sink -> Optional.of(new SinkTestResult(true, "HTTP 204")).filter(ignored -> sink.equals(CRM)),
                CLOCK);

        var steps = check.run(Duration.ZERO, ignored -> {});

        assertThat(steps).extracting(CheckStep::sink).containsExactly(Optional.of("bus"), Optional.of("crm"));
        assertThat(steps).extracting(CheckStep::ok).containsExactly(false, true);
        assertThat(steps.getFirst().remedy()).contains("Run the check again.");
    }

    @Test
    void probes_that_a_check_leaves_open_are_closed_with_it() throws Exception {
        try (var listener = listener()) {
            CallbackProbe awaited;
            CallbackProbe left;
            try (var probes = new OpenedProbes(listener)) {
                awaited = probes.open();
                left = probes.open();
                callBack(listener, awaited);
                // the listener reports the callback after its response
                assertThat(awaited.await(Duration.ofMinutes(1))).isPresent();
            }
            callBack(listener, left);
            assertThat(awaited.await(Duration.ZERO)).isPresent();
            assertThat(left.await(Duration.ZERO)).isEmpty();
        }
    }
}
