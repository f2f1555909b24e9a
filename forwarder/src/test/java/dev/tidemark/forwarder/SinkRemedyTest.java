package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.SinkControllerFixture.DOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks the sentences that an operator reads about a sink that fails.
final class SinkRemedyTest {
    private final SinkControllerFixture rig = new SinkControllerFixture();

    @Test
    void a_held_sink_says_when_it_is_probed_and_how_to_probe_it_at_once() {
        var event = rig.store.receive(TestEvents.ADA);
        rig.step().answer(event, DOWN);
        rig.advance(Duration.ofSeconds(4));
        var probe = rig.state().probeDue().orElseThrow();
        assertThat(rig.state()).isInstanceOf(SinkState.Held.class);
        assertThat(rig.state().remedy(CRM))
                .hasValueSatisfying(remedy -> assertThat(remedy)
                        .contains("the next probe is due at " + ReadableTime.of(probe))
                        .contains("'tidemark sinks enable crm' probes at once"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            connection refused       | connection refused; repair the receiver
            no such host; fix the url | no such host; fix the url
            """)
    void the_log_names_one_remedy_of_a_held_sink(String cause, String line) {
        var event = rig.store.receive(TestEvents.ADA);
        rig.step().answer(event, DOWN);
        assertThat(rig.state()).isInstanceOf(SinkState.Held.class);
        assertThat(rig.state().withRemedy(cause, CRM)).isEqualTo(line);
    }

    @Test
    void the_log_names_one_remedy_of_a_sink_in_any_other_state() {
        var enable = "run 'tidemark sinks enable crm'";
        var disabled = new SinkState.Disabled(TestEvents.NOW, Optional.empty());
        assertThat(disabled.withRemedy(SinkState.BY_OPERATOR, CRM)).isEqualTo(SinkState.BY_OPERATOR + "; " + enable);
        assertThat(disabled.withRemedy("responded 410", CRM))
                .isEqualTo("responded 410; repair the receiver, then " + enable);
        assertThat(disabled.withRemedy("no such host; fix the url", CRM))
                .isEqualTo("no such host; fix the url, then " + enable);
        var refused = new SinkState.Refused(TestEvents.NOW, TestEvents.NOW);
        assertThat(refused.withRemedy("127.0.0.1 is on loopback; add egress.allow: [ 127.0.0.1/32 ]", CRM))
                .isEqualTo("127.0.0.1 is on loopback; add egress.allow: [ 127.0.0.1/32 ]");
        assertThat(refused.withRemedy("the address serves metadata", CRM))
                .isEqualTo("the address serves metadata; correct the sink's url");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void a_receiver_that_refuses_the_signature_points_at_the_secret(int status) {
        var event = rig.store.receive(TestEvents.ADA);
        rig.step().answer(event, new DeliveryResult.Status(status, Optional.empty()));
        assertThat(rig.controller().snapshot().lastError())
                .contains("responded " + status + "; check that the receiver has the secret of this sink");
    }
}
