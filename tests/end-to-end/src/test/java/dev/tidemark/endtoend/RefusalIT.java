package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks responses for one mailbox that must not stop the whole connection.
final class RefusalIT {
    private static final String ADA = "ada@example.com";
    private static final String EVE = "eve@example.com";
    private static final String BACKOFF = "tidemark_connection_backoff_seconds{connection=\"lab\"} ";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private EndToEndScene scene;

    @BeforeEach
    void open() {
        scene = EndToEndScene.in(folder, ADA, EVE, "bob@example.com", "joe@example.com");
        // the wiretap does not forward headers
        scene.with("connection", "url", scene.exchange().url().toString());
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void a_503_that_asks_for_more_seconds_than_there_are_costs_half_a_minute() {
        refuse(1, 503, Map.of("Retry-After", "9223372036854775807"));
        // with more concurrent requests, another mailbox's success would end it at once
        scene.with("connection", "limits", "{ concurrency: 1 }");
        scene.start();
        EndToEndScene.await("the back-off in the metrics")
                .until(() -> !metrics().contains(BACKOFF + "0.0"));
        assertThat(metrics()).contains(BACKOFF);
        EndToEndScene.await("the news")
                .until(() -> connectionEvents("unavailable").contains("limits.max-backoff"));
        scene.awaitSubscribed();
        EndToEndScene.await("the good news")
                .until(() -> connectionEvents("available").contains("responds again"));
        assertThat(metrics()).contains(BACKOFF + "0.0");
        scene.assertInOrder();
    }

    @Test
    void a_403_of_one_mailbox_fails_that_mailbox_and_says_nothing_of_the_connection() {
        refuse(100, 403, Map.of());
        scene.start();
        EndToEndScene.await("failed").until(() -> scene.admin().state(ADA).equals("failed"));
        EndToEndScene.await("its neighbor").until(() -> scene.subscribed(EVE));
        for (var round = 0; round < 3; round++) {
            var before = scene.exchange().requests().size();
            scene.admin().post("/api/v1/mailboxes/" + ADA + "/resubscribe");
            scene.admin().post("/api/v1/mailboxes/" + EVE + "/resubscribe");
            EndToEndScene.await("both asked for")
                    .until(() -> scene.exchange().requests().size() >= before + 2);
            EndToEndScene.await("failed").until(() -> scene.admin().state(ADA).equals("failed"));
            EndToEndScene.await("its neighbor").until(() -> scene.subscribed(EVE));
        }
        assertThat(scene.admin().mailbox(ADA).path("lastError").asString())
                .contains("Http403", "Set-CASMailbox -EwsEnabled");
        assertThat(connectionEvents("unavailable")).doesNotContain("dev.tidemark.connection");
        assertThat(connectionEvents("available")).doesNotContain("dev.tidemark.connection");
        scene.assertInOrder();
    }

    private void refuse(int times, int status, Map<String, String> headers) {
        var refusals = Collections.nCopies(times, new ScriptedError.Http(status, headers))
                .toArray(ScriptedError[]::new);
        scene.exchange().faults().respondWith("Subscribe", new MailboxAddress(ADA), refusals);
    }

    private String metrics() {
        return scene.admin().request("/metrics").body();
    }

    private String connectionEvents(String state) {
        return scene.admin()
                .request("/api/v1/events?type=dev.tidemark.connection." + state)
                .body();
    }
}
