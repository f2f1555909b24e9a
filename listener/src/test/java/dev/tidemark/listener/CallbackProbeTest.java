package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.listener.CallbackProbe.ProbeCallback;
import dev.tidemark.store.model.IntakeOutcome;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallbackProbeTest {
    private static final String NOTIFICATION = CallbackBodies.newMail("w1", "w2", "item-1");
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void a_callback_of_a_probe_is_reported_and_ends_its_subscription() throws Exception {
        try (var running = new RunningListener();
                var probe = running.listener.openProbe()) {
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Superseded();

            var response = running.post(running.listener.callbackPath(probe.attempt()), NOTIFICATION);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("Unsubscribe");
            assertThat(probe.await(LONG)).contains(new ProbeCallback("127.0.0.1", RunningListener.NOW));
        }
    }

    @Test
    void a_callback_of_another_attempt_is_not_reported() throws Exception {
        try (var running = new RunningListener();
                var probe = running.listener.openProbe();
                var other = running.listener.openProbe()) {
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Superseded();

            running.post(running.listener.callbackPath(other.attempt()), NOTIFICATION);

            assertThat(other.await(LONG)).isPresent();
            assertThat(probe.await(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void a_late_callback_of_a_closed_probe_is_ended_as_well() {
        try (var running = new RunningListener()) {
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Superseded();
            var probe = running.listener.openProbe();
            probe.close();

            assertThat(running.post(running.listener.callbackPath(probe.attempt()), NOTIFICATION)
                            .body())
                    .contains("Unsubscribe");
        }
    }

    @Test
    void a_listener_for_probes_knows_no_token_of_a_daemon() throws Exception {
        var config = new RunningListener.Settings().config();
        try (var listener = CallbackListener.startForProbes(config, Clock.systemUTC());
                var probe = listener.openProbe();
                var client = HttpClient.newHttpClient()) {
            var base = "http://127.0.0.1:" + listener.port();

            assertThat(post(client, base + RunningListener.path())).isEqualTo(404);
            assertThat(post(client, base + listener.callbackPath(probe.attempt())))
                    .isEqualTo(200);
            assertThat(probe.await(LONG)).isPresent();
        }
    }

    private static int post(HttpClient client, String url) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString(NOTIFICATION))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }
}
