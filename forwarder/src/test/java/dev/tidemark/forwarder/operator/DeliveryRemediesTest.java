package dev.tidemark.forwarder.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.targets.DeliveryResult;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeliveryRemediesTest {
    @ParameterizedTest
    @CsvSource({
        "302, redirects are not followed",
        "401, sink's secret",
        "404, path of the sink's url",
        "429, rate-limit",
        "500, receiver's log",
        "503, Start the receiver"
    })
    void a_status_has_the_remedy_of_its_cause(int code, String part) {
        assertThat(DeliveryRemedies.of(new DeliveryResult.Status(code, Optional.empty())))
                .contains(part)
                .endsWith(".");
    }

    @Test
    void a_text_with_a_remedy_is_split_at_its_last_semicolon() {
        var result = new DeliveryResult.NoAnswer("crm:443 refuses connections; start the receiver");

        assertThat(SinkTestResult.of(false, result))
                .isEqualTo(
                        new SinkTestResult(false, "crm:443 refuses connections", Optional.of("Start the receiver.")));
    }

    @Test
    void a_refused_address_names_the_line_to_add() {
        var result = new DeliveryResult.AddressRefused("127.0.0.1 is loopback", Optional.of("127.0.0.0/8"));

        assertThat(SinkTestResult.of(false, result))
                .isEqualTo(new SinkTestResult(
                        false, "127.0.0.1 is loopback", Optional.of("Add 127.0.0.0/8 to egress.allow.")));
    }

    static Stream<DeliveryResult> failures() {
        return Stream.of(
                new DeliveryResult.NoAnswer("crm cannot be reached"),
                new DeliveryResult.Stale(),
                new DeliveryResult.TimedOut(Duration.ofSeconds(15)),
                new DeliveryResult.AddressRefused("metadata", Optional.empty()),
                new DeliveryResult.NotSent("not sent: bug"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void every_failure_has_a_remedy_of_one_sentence(DeliveryResult failure) {
        assertThat(DeliveryRemedies.of(failure)).matches("[A-Z].*[^.]\\.");
    }
}
