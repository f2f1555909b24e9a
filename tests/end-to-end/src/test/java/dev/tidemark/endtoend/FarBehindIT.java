package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks a sink that is further behind than `store.max-undelivered`.
final class FarBehindIT {
    private static final String ADA = "ada@example.com";
    private static final String LOST = "tidemark_deliveries_total{outcome=\"expired\",sink=\"hook\"}";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void it_loses_its_oldest_which_is_told_at_once_and_goes_on_with_the_rest_in_order() {
        try (var scene =
                EndToEndScene.in(folder, ADA).with("store", "retention", "1s").with("store", "max-undelivered", "2s")) {
            var daemon = scene.startSubscribed();
            awaitMail(scene);
            EndToEndScene.await("the sink to know that it was taken").until(() -> backlog(scene) == 0);
            var then =
                    scene.admin().get("/api/v1/events?after=now").path("next").asString();
            scene.webhook().down();
            long reported;
            try (var load = SteadyMailLoad.withoutLimit(scene, 10)) {
                reported = awaitLoss(scene);
                load.assertStillRunning();
            }
            assertThat(scene.admin().request("/api/v1/events?after=" + then).statusCode())
                    .as("what was lost is kept no more")
                    .isEqualTo(410);
            scene.webhook().up();
            assertThat(scene.admin().post("/api/v1/sinks/hook/enable")).isEqualTo(202);
            awaitMail(scene);
            EndToEndScene.await("everything else").until(() -> backlog(scene) == 0);

            var numbers = numbers(scene);
            var gap = gap(numbers);
            assertThat(reported).isPositive();
            assertThat(lostEvents(scene))
                    .as("what of %s is missing", numbers)
                    .isBetween(Math.max(gap, reported), gap + 10);
            assertThat(daemon.errorLines()).anyMatch(line -> line.contains("Sink hook lost " + reported + " events"));
            assertThat(scene.webhook().complaints()).isEmpty();
            scene.assertQuietConsoles();
        }
    }

    /// Waits for one of several mails. If the machine stalls for two seconds, the sink is too far behind for
    /// the others.
    private static void awaitMail(EndToEndScene scene) {
        var sent = new ArrayList<String>();
        EndToEndScene.await("a mail").pollInterval(Duration.ofMillis(300)).until(() -> {
            sent.add(scene.mailbox(ADA).deliver("mail").id());
            return scene.webhook().story().items(DeliveryHistory.RECEIVED).stream()
                    .anyMatch(sent::contains);
        });
    }

    /// Waits until the daemon reports events that the stopped sink lost; returns their number.
    private static long awaitLoss(EndToEndScene scene) {
        var page = scene.admin().get("/api/v1/events?after=now&type=dev.tidemark.delivery.expired&wait=40");
        var data = page.at("/items/0/event/data");
        assertThat(data.path("sink").asString()).isEqualTo("hook");
        assertThat(lostEvents(scene)).isGreaterThanOrEqualTo(data.path("events").asLong());
        return data.path("events").asLong();
    }

    private static long lostEvents(EndToEndScene scene) {
        return scene.admin()
                .request("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(LOST))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(LOST.length())))
                .sum();
    }

    private static long backlog(EndToEndScene scene) {
        return scene.admin().get("/api/v1/sinks").at("/items/0/backlog").asLong();
    }

    /// Returns the sequence numbers of the mailbox's events in order of arrival.
    private static List<Long> numbers(EndToEndScene scene) {
        return scene.webhook().story().events().stream()
                .filter(event -> event.subject().equals(ADA))
                .map(ReceivedRequest::sequence)
                .toList();
    }

    /// Returns the number of missing sequence numbers.
    private static long gap(List<Long> numbers) {
        assertThat(numbers).isSorted();
        return LongStream.rangeClosed(1, numbers.getLast())
                .filter(number -> !numbers.contains(number))
                .count();
    }
}
