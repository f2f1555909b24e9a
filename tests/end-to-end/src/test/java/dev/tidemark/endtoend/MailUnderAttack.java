package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Sends mail through a daemon that hostile clients attack at the same time.
///
/// @param load mail that Exchange reports meanwhile
/// @param slow clients that trickle their heads
/// @param others clients of each other kind
/// @param forged requests with a forged token per second
/// @param pause time until a client attacks again after its connection ended
record MailUnderAttack(LegitimateLoad load, int slow, int others, int forged, Duration pause) {
    private static final String VICTIM = "victim@example.com";
    private static final int MAX_WARNINGS = 100;

    /// Reasons for which forged tokens, floods of headers, XML bombs and huge bodies are refused.
    private static final List<String> REASONS = List.of("token", "protocol", "malformed", "length");

    /// Extra time for a run on a busy machine, and for each kind of attack to happen at least once.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /// Load of Exchange.
    ///
    /// @param mailsPerSecond mails to all mailboxes together
    /// @param callbacksPerConnection callbacks until the simulated Exchange closes a connection
    record LegitimateLoad(int mailsPerSecond, int callbacksPerConnection) {}

    /// Measurements of one attack.
    ///
    /// @param p99 99th percentile of the time between a callback and its acknowledgement, as Exchange sees it
    /// @param p99AtRest the same under the same load in the same run, before the attack
    /// @param p99OfDaemon the same in seconds from the head of a callback to its response; limit of its bucket
    /// @param forged requests with a forged token that were answered
    record Figures(
            int acknowledged,
            List<String> unacknowledged,
            Duration p99,
            Duration p99AtRest,
            double p99OfDaemon,
            long forged,
            String memory,
            Map<String, Long> attacks) {}

    /// Sends the load alone for a third of this time, so that both processes are compiled. Measures it alone for a
    /// quarter of this time, then attacks for this time. Asserts that no mail is lost, and
    /// that the daemon neither ends nor fills its log. Delays are figures only, because they depend on the machine.
    Figures run(Path folder, Duration time) {
        try (var scene = EndToEndScene.patient(folder, load.callbacksPerConnection(), addresses())) {
            scene.with(
                            "listener",
                            "public-url",
                            scene.config().listener().toString().replace("http:", "https:"))
                    .with("listener", "tls", "{ certificate: cert.pem, private-key: key.pem }");
            var daemon = scene.startSubscribed();
            var warmUp = measure(scene, "warm-up", time.dividedBy(3), 0);
            var atRest = measure(scene, "at rest", time.dividedBy(4), warmUp.count());
            try (var callbacks = FailedCallbackCollector.start(scene.exchange().callbacks(), atRest.count())) {
                var attacks = attack(scene, time, callbacks);
                scene.awaitAllReceived();
                assertThat(callbacks.count()).as("callbacks during the attack").isGreaterThan(atRest.count());
                assertThat(callbacks.failed())
                        .as("callbacks that got the response to another request")
                        .noneMatch(failed -> failed.contains(" got 4"));
                var figures = new Figures(
                        scene.exchange().ledger().acknowledgedCount(),
                        callbacks.failed(),
                        callbacks.percentile(99),
                        atRest.percentile(99),
                        scene.admin().quantile("tidemark_acknowledgement_duration_seconds", 0.99),
                        refused(scene, "token"),
                        daemon.residentMemory(),
                        attacks);
                assertUnharmed(scene, daemon);
                return figures;
            }
        }
    }

    private String[] addresses() {
        var boxes = IntStream.range(0, load.mailsPerSecond()).mapToObj(i -> "box" + i + "@example.com");
        return Stream.concat(boxes, Stream.of(VICTIM)).toArray(String[]::new);
    }

    /// Returns the delays of the load without attacks, of the callbacks after this number.
    private FailedCallbackCollector measure(EndToEndScene scene, String phase, Duration time, long after) {
        try (var callbacks = FailedCallbackCollector.start(scene.exchange().callbacks(), after);
                var mails = SteadyMailLoad.on(scene, load.mailsPerSecond());
                var progress = new FigurePrinter(phase, () -> delays(callbacks, after))) {
            var end = Instant.now().plus(time);
            EndToEndScene.await("the end of the load without attacks")
                    .atMost(time.plus(PATIENCE))
                    .until(() -> Instant.now().isAfter(end) && callbacks.count() > after);
            mails.assertStillRunning();
            progress.print();
            return callbacks;
        }
    }

    private Map<String, Long> attack(EndToEndScene scene, Duration time, FailedCallbackCollector callbacks) {
        var leaked = leakedPath(scene);
        var before = callbacks.count();
        try (var crowd = HostileCrowdProcess.start(hostileClients(scene, leaked));
                var mails = SteadyMailLoad.on(scene, load.mailsPerSecond());
                var progress = new FigurePrinter(
                        "under attack", () -> delays(callbacks, before) + ", attacks " + crowd.attacks())) {
            var end = Instant.now().plus(time);
            EndToEndScene.await("an attack of each kind, and the end of the time")
                    .atMost(time.plus(PATIENCE))
                    // the time first, because a look at the refused requests takes processor time of the daemon
                    .until(() -> Instant.now().isAfter(end) && crowd.hasAttackedInEachWay() && isRefused(scene));
            mails.assertStillRunning();
            progress.print();
            return crowd.attacks();
        }
    }

    private HostileClients hostileClients(EndToEndScene scene, String leaked) {
        var token = scene.admin().authorization();
        return new HostileClients(
                scene.config().listenerPort(), leaked, scene.config().adminPort(), token, slow, others, forged, pause);
    }

    private static String delays(FailedCallbackCollector callbacks, long before) {
        return "%d callbacks, %d not acknowledged, p99 %s, since the last line %s"
                .formatted(
                        callbacks.count() - before,
                        callbacks.failed().size(),
                        callbacks.percentile(99),
                        callbacks.percentileOfNew(99));
    }

    /// Returns true once the daemon has refused the attacks for each of these reasons.
    private static boolean isRefused(EndToEndScene scene) {
        return REASONS.stream().allMatch(reason -> refused(scene, reason) > 0);
    }

    private static long refused(EndToEndScene scene, String reason) {
        return (long) scene.admin().metric("tidemark_callbacks_total{result=\"" + reason + "\"}");
    }

    /// Returns the callback path of a mailbox, as a proxy's log may show it.
    private static String leakedPath(EndToEndScene scene) {
        scene.mailbox(VICTIM).deliver("before the attack");
        return EndToEndScene.await("a callback of the mailbox")
                .until(() -> pathOfVictim(scene), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<String> pathOfVictim(EndToEndScene scene) {
        return scene.exchange().callbacks().after(0).stream()
                .filter(attempt -> attempt.mailbox().equals(new MailboxAddress(VICTIM)))
                .map(attempt -> attempt.url().getRawPath())
                .findFirst();
    }

    private static void assertUnharmed(EndToEndScene scene, DaemonProcess daemon) {
        scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
        assertThat(daemon.stackTraces()).isEmpty();
        assertThat(daemon.errorLines())
                .filteredOn(line -> line.matches("\\S+ (WARN|ERROR) .*"))
                .hasSizeLessThan(MAX_WARNINGS);
        EndToEndScene.await("the end of the hostile connections")
                .until(() -> scene.admin().metric("tidemark_callbacks_under_way") == 0);
        assertThat(daemon.terminate()).isZero();
    }
}
