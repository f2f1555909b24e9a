package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.fault.SimulatorFault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Runs twenty thousand mailboxes against a real daemon. Exchange is down for ten minutes; then the daemon is
/// down for longer than the silence limit. Takes half an hour. `-Dstorm.rate=N` sets another rate, and
/// `-Dstorm.away=N` another outage in seconds, at least 150.
@Tag("soak")
final class StormIT {
    private static final int MAILBOXES = 20_000;
    private static final int RATE = Integer.getInteger("storm.rate", 80);
    private static final Duration IDEAL = Duration.ofSeconds(MAILBOXES / RATE);
    private static final Duration SILENCE = Duration.ofSeconds(150);
    private static final Duration AWAY = Duration.ofSeconds(Long.getLong("storm.away", 600));

    /// Longest interval between two probes while Exchange is down.
    private static final Duration MAX_BETWEEN_REQUESTS = Duration.ofSeconds(20);

    private static final List<String> ADDRESSES = IntStream.range(0, MAILBOXES)
            .mapToObj("box%05d@example.com"::formatted)
            .toList();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void everybody_is_back_at_the_rate_after_exchange_was_away_and_after_the_daemon_was() {
        try (var scene = EndToEndScene.in(folder, SimulatorConfig.defaults().withServers(3), ADDRESSES)) {
            scene.with("connection", "url", scene.exchange().url().toString())
                    .with("connection", "limits", "{ concurrency: 32, requests-per-second: 10000 }")
                    // a heartbeat every 100 s
                    .with("group", "status-frequency", "166m")
                    .with("group", "forward-to", "[ ]")
                    .with("compensator", "rate", Integer.toString(RATE))
                    .with("compensator", "cohort", "false")
                    .with("compensator", "silence-after", SILENCE.toSeconds() + "s")
                    .with("compensator", "first-callback", SILENCE.toSeconds() + "s");
            var daemon = scene.start();
            awaitAll(scene, "at first", Duration.ofMinutes(10));

            exchangeAway(scene);
            awaitHeartbeatsOfAll(scene);
            daemonAway(scene, daemon);
        }
    }

    private static void exchangeAway(EndToEndScene scene) {
        scene.exchange().faults().rate(SimulatorFault.UNAVAILABLE, 1);
        scene.exchange().forgetSubscriptions();
        pass(AWAY);
        scene.exchange().faults().rate(SimulatorFault.UNAVAILABLE, 0);

        var returned = Instant.now();
        EndToEndScene.await("the first to be back")
                .atMost(MAX_BETWEEN_REQUESTS)
                .until(() -> !subscribedSince(scene, returned).isEmpty());
        var first = Instant.now();
        assertProgressIsTold(scene);
        awaitTurns(scene, returned);
        report("Exchange away, its return noticed after " + Duration.between(returned, first), returned);
        awaitAll(scene, "after Exchange was away", Duration.ofMinutes(1));
    }

    /// Returns the mailboxes in the order of their compensations.
    private static List<String> awaitTurns(EndToEndScene scene, Instant since) {
        var order = new LinkedHashSet<String>();
        Awaitility.await("a new subscription for everybody")
                .atMost(IDEAL.multipliedBy(2))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    order.addAll(subscribedSince(scene, since));
                    return order.size() == MAILBOXES;
                });
        return List.copyOf(order);
    }

    private static void pass(Duration time) {
        var end = Instant.now().plus(time);
        EndToEndScene.await("time to pass")
                .atMost(time.plusMinutes(1))
                .until(() -> Instant.now().isAfter(end));
    }

    /// Waits for heartbeats of all mailboxes. A mailbox with a lost heartbeat is silent first, and its next
    /// heartbeat comes from the subscription after that.
    private static void awaitHeartbeatsOfAll(EndToEndScene scene) {
        var calm = Instant.now();
        EndToEndScene.await("a heartbeat of everybody")
                .atMost(SILENCE.multipliedBy(2).plusMinutes(1))
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> lastCallbacks(scene).values().stream().allMatch(calm::isBefore));
    }

    private static void daemonAway(EndToEndScene scene, DaemonProcess daemon) {
        daemon.terminate();
        scene.exchange().forgetSubscriptions();
        pass(SILENCE);
        var before = Instant.now();
        scene.start();
        var ready = Instant.now();
        // before the outage: a heartbeat comes only after the new subscriptions are older
        var lastCallbacks = lastCallbacks(scene);
        assertProgressIsTold(scene);
        var order = awaitTurns(scene, before);
        report("daemon away", ready);
        assertOldestFirst(order, lastCallbacks);
        awaitAll(scene, "after the daemon was away", Duration.ofMinutes(1));
    }

    /// Asserts that each tenth of the mailboxes was silent for longer than the next.
    private static void assertOldestFirst(List<String> turns, Map<String, Instant> lastCallbacks) {
        var means = new ArrayList<Long>();
        for (var tenth = 0; tenth < 10; tenth++) {
            means.add((long) turns.subList(tenth * MAILBOXES / 10, (tenth + 1) * MAILBOXES / 10).stream()
                    .mapToLong(address -> lastCallbacks.get(address).toEpochMilli())
                    .average()
                    .orElseThrow());
        }
        assertThat(means).as("mean time of the last callback per tenth").isSorted();
    }

    private static void assertProgressIsTold(EndToEndScene scene) {
        EndToEndScene.await("a progress figure").atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            var recovery = scene.admin().get("/api/v1/status").at("/compensations/recovery");
            assertThat(recovery.path("done").asLong(0)).isPositive();
            assertThat(recovery.path("remaining").asLong(0)).isPositive();
            assertThat(Instant.parse(recovery.path("expectedEnd").asString())).isAfter(Instant.now());
        });
        assertThat(scene.admin().request("/metrics").body())
                .containsPattern("tidemark_compensation_recovery_remaining [1-9]")
                .containsPattern("tidemark_compensation_recovery_done [1-9]");
    }

    private static void report(String what, Instant from) {
        var took = Duration.between(from, Instant.now());
        System.getLogger("figures")
                .log(
                        System.Logger.Level.INFO,
                        "{0}; the last of {1} live after {2}, ideal {3}, ratio {4}",
                        what,
                        MAILBOXES,
                        took,
                        IDEAL,
                        (double) took.toMillis() / IDEAL.toMillis());
        assertThat(took).as(what).isLessThan(IDEAL.multipliedBy(110).dividedBy(100));
        assertThat(took)
                .as("no faster than the rate")
                .isGreaterThan(IDEAL.multipliedBy(95).dividedBy(100));
    }

    private static void awaitAll(EndToEndScene scene, String when, Duration limit) {
        Awaitility.await("all live " + when)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> active(scene) == MAILBOXES);
    }

    private static long active(EndToEndScene scene) {
        return scene.admin().get("/api/v1/status").at("/mailboxes/active").asLong(0);
    }

    private static List<String> subscribedSince(EndToEndScene scene, Instant since) {
        return scene.exchange().requests().stream()
                .filter(request ->
                        request.operation().equals("Subscribe") && request.at().isAfter(since))
                .map(LoggedRequest::mailbox)
                .map(mailbox -> mailbox.orElseThrow().value())
                .toList();
    }

    private static Map<String, Instant> lastCallbacks(EndToEndScene scene) {
        var lastCallbacks = new HashMap<String, Instant>();
        var after = "";
        do {
            var page = scene.admin().get("/api/v1/mailboxes?limit=1000" + (after.isEmpty() ? "" : "&after=" + after));
            for (JsonNode mailbox : page.path("items")) {
                lastCallbacks.put(
                        mailbox.path("address").asString(),
                        Instant.parse(mailbox.path("lastHeardAt").asString(Instant.EPOCH.toString())));
            }
            after = page.path("next").asString("");
        } while (!after.isEmpty());
        return lastCallbacks;
    }
}
