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
    @ValueSource(ints = {401, 403})
    void a_receiver_that_refuses_the_signature_points_at_the_secret(int status) {
        var event = rig.store.receive(TestEvents.ADA);
        rig.step().answer(event, new DeliveryResult.Status(status, Optional.empty()));
        assertThat(rig.controller().snapshot().lastError())
                .contains("responded " + status + "; check that the receiver has the secret of this sink");
    }
}
