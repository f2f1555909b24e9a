package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.HostileCrowd.HostileClient;
import dev.tidemark.values.MailboxAddress;
import java.io.EOFException;
import java.io.IOException;
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

    private static final int FORGERS = 20;

    /// Extra time for a run on a busy machine, and for each kind of attack to happen at least once.
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int BATCH = 50;

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
            Map<String, ?> attacks) {}

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

    private Map<String, ?> attack(EndToEndScene scene, Duration time, FailedCallbackCollector callbacks) {
        var leaked = leakedPath(scene);
        var before = callbacks.count();
        try (var crowd = new HostileCrowd(pause);
                var mails = SteadyMailLoad.on(scene, load.mailsPerSecond());
                var progress = new FigurePrinter(
                        "under attack", () -> delays(callbacks, before) + ", attacks " + crowd.attacks())) {
            attackListener(crowd, scene.config().listenerPort(), leaked);
            attackAdmin(crowd, scene);
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

    private void attackListener(HostileCrowd crowd, int port, String leaked) {
        var forgedPath = leaked.substring(0, leaked.length() - 46) + "A".repeat(46);
        crowd.overTls("slow-head", slow, port, client -> {
            client.send("POST " + leaked + " HTTP/1.1\r\nHost: x\r\nX: ");
            client.trickle();
        });
        crowd.overTls("slow-body", others, port, client -> {
            client.send(HostileBodies.head(leaked, "Content-Length: 100000"));
            client.trickle();
        });
        // the first bytes of a ClientHello
        crowd.overTcp("half-open-tls", others, port, client -> {
            client.send("\u0016\u0003\u0001\u0002\u0000\u0001");
            client.drain();
        });
        crowd.overTls("header-flood", 3 * others, port, client -> {
            client.send("POST " + leaked + " HTTP/1.1\r\nHost: x\r\n" + "a:b\r\n".repeat(6_000));
            client.drain();
            client.pause(Duration.ofSeconds(2));
        });
        crowd.overTls("huge-body", others, port, client -> HostileBodies.sendGigabyte(client, leaked));
        crowd.overTls("huge-forged-body", others, port, client -> HostileBodies.sendGigabyte(client, forgedPath));
        crowd.overTls("xml-bomb", others, port, client -> HostileBodies.sendBombs(client, leaked));
        crowd.overTls("forged-token", FORGERS, port, client -> forge(client, forgedPath));
    }

    /// Sends requests in batches, each after the responses to the one before, and catches up after slow responses.
    private void forge(HostileClient client, String path) throws IOException, InterruptedException {
        var request = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 0\r\n\r\n";
        var interval = 1_000_000_000L * BATCH * FORGERS / forged;
        client.send(request);
        var length = responseLength(client);
        for (var due = System.nanoTime(); !client.pauseUntil(due); due += interval) {
            client.send(request.repeat(BATCH));
            client.skip((long) BATCH * length);
        }
    }

    /// Reads one response without a body; returns its length.
    private static int responseLength(HostileClient client) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = client.socket().getInputStream().readNBytes(1);
            if (next.length == 0) {
                throw new EOFException("closed within a response");
            }
            head.append((char) next[0]);
        }
        assertThat(head).startsWith("HTTP/1.1 404 ");
        return head.length();
    }

    private void attackAdmin(HostileCrowd crowd, EndToEndScene scene) {
        var port = scene.config().adminPort();
        var token = scene.admin().authorization();
        for (var path : List.of("/api/v1/events/stream", "/api/v1/events?limit=1000", "/metrics")) {
            crowd.overTcp(
                    "deaf-reader " + path,
                    others / 2,
                    port,
                    client -> client.ignoreResponses("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                            + "\r\nAuthorization: " + token + "\r\n\r\n"));
        }
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
