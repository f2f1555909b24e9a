package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.targets.DeliveryResult.Accepted;
import dev.tidemark.forwarder.targets.DeliveryResult.AddressRefused;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.NotSent;
import dev.tidemark.forwarder.targets.DeliveryResult.Stale;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FailureKindTest {
    @ParameterizedTest
    @CsvSource({
        "200, NONE",
        "201, NONE",
        "202, NONE",
        "204, NONE",
        "299, NONE",
        "300, OF_EVENT",
        "301, OF_EVENT",
        "302, OF_EVENT",
        "304, OF_EVENT",
        "307, OF_EVENT",
        "308, OF_EVENT",
        "400, OF_EVENT",
        "401, OF_EVENT",
        "404, OF_EVENT",
        "408, OF_EVENT",
        "413, OF_EVENT",
        "500, OF_EVENT",
        "501, OF_EVENT",
        "505, OF_EVENT",
        "599, OF_EVENT",
        "100, OF_EVENT",
        "410, GONE",
        "429, OF_SINK",
        "502, OF_SINK",
        "503, OF_SINK",
        "504, OF_SINK"
    })
    void a_status_code_tells_whose_failure_it_looks_like(int code, FailureKind kind) {
        assertThat(FailureKind.of(new Status(code, Optional.empty()))).isEqualTo(kind);
    }

    @Test
    void a_receiver_without_status_codes_accepts() {
        assertThat(FailureKind.of(new Accepted())).isEqualTo(FailureKind.NONE);
    }

    @Test
    void no_answer_looks_like_the_sinks_failure() {
        assertThat(FailureKind.of(new NoAnswer("connection reset"))).isEqualTo(FailureKind.OF_SINK);
        assertThat(FailureKind.of(new Stale())).isEqualTo(FailureKind.OF_SINK);
        assertThat(FailureKind.of(new TimedOut(Duration.ofSeconds(15)))).isEqualTo(FailureKind.OF_SINK);
        assertThat(FailureKind.of(new AddressRefused("loopback", Optional.empty())))
                .isEqualTo(FailureKind.REFUSED);
        assertThat(FailureKind.of(new NotSent("our own fault"))).isEqualTo(FailureKind.OF_EVENT);
    }
}
