package dev.tidemark.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.tracing.EventTracer;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EwsRequestMeterTest {
    private final EwsRequestMeters meters = new EwsRequestMeters(EventTracer.OFF);

    private String scrape() {
        try (var scraper = new MetricScraper(List.of(meters))) {
            return scraper.scrape();
        }
    }

    private void complete(EwsError error) {
        meters.of("lab")
                .onCompleted(
                        EwsOperation.GET_ITEM,
                        Optional.of(error),
                        Duration.ofMillis(30).toNanos());
    }

    private static String requests(String outcome) {
        return "tidemark_ews_requests_total{connection=\"lab\",operation=\"GetItem\",outcome=\"" + outcome + "\"} ";
    }

    @Test
    void tells_a_server_that_refuses_from_one_that_is_away() {
        complete(new EwsError.RetryAfter(new ResponseCode("ConnectionFailed"), "", Optional.empty()));
        complete(new EwsError.RetryAfter(new ResponseCode("ErrorServerBusy"), "", Optional.empty()));
        complete(new EwsError.PermanentForConnection(new ResponseCode("Http401"), ""));
        complete(new EwsError.ResubscribeAndResync(new ResponseCode("ErrorInvalidWatermark"), ""));

        assertThat(scrape())
                .contains(requests("no-response") + "1.0", requests("retry") + "1.0")
                .contains(requests("refused") + "1.0", requests("lost") + "1.0", requests("success") + "0.0");
    }

    @Test
    void times_every_request_whatever_its_outcome() {
        complete(new EwsError.PermanentForConnection(new ResponseCode("Http401"), ""));
        meters.of("lab")
                .onCompleted(
                        EwsOperation.GET_ITEM,
                        Optional.empty(),
                        Duration.ofMillis(300).toNanos());

        var buckets = "tidemark_ews_request_duration_seconds_bucket{connection=\"lab\",operation=\"GetItem\",le=";
        assertThat(scrape()).contains(buckets + "\"0.05\"} 1", buckets + "\"0.5\"} 2");
    }

    @Test
    void later_clients_of_a_connection_continue_its_counters() {
        assertThat(meters.of("lab")).isSameAs(meters.of("lab"));
    }
}
