package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatorConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Sends SIGHUP to the daemon under load, repeatedly, with changed mailboxes, sinks, secrets, limits and
/// certificates, and a faulty file in between.
///
/// @param times number of reloads
/// @param mailsPerSecond load on all mailboxes together
/// @param callbacksPerConnection callbacks until the simulated Exchange closes a connection
record ReloadUnderLoad(int times, int mailsPerSecond, int callbacksPerConnection) {
    private static final int FAULTY_EVERY = 5;

    /// Limit for a response of the webhooks. A busy machine exceeds the default, and a repetition would follow.
    private static final String SINK_TIMEOUT = "10m";

    private static final String SUCCESSFUL = "tidemark_config_last_reload_successful";
    private static final String SUCCESS_AT = "tidemark_config_last_reload_success_timestamp_seconds";

    /// Asserts that no callback fails or needs a second connection, no event is lost, none is delivered twice, and the
    /// listener shows each new
    /// certificate. Returns the callbacks per second from the first reload to the last.
    double assertNothingLost(Path folder, ServedCertificateRecorder certificates) throws IOException {
        certificates.identity(0).write(folder);
        var exchange = SimulatorConfig.defaults().withCallbacksPerConnection(callbacksPerConnection);
        try (var scene = EndToEndScene.in(folder, exchange, addresses());
                var other = new MisbehavingWebhookReceiver()) {
            scene.exchange().addMailbox("guest@example.com");
            configure(scene, other, 0);
            writeList(folder, scene.addresses(), 0);
            scene.with(
                            "listener",
                            "public-url",
                            scene.config().listener().toString().replace("http:", "https:"))
                    .with("listener", "tls", "{ certificate: cert.pem, private-key: key.pem }");
            var daemon = scene.startSubscribed();
            var rate = reloadUnderLoad(new RunningScene(folder, scene, daemon, other), certificates);
            scene.awaitAllReceived();

            var story = scene.webhook().story();
            assertThat(story.repetitions()).as("deliveries that came twice").isZero();
            story.assertNoneDoubled(DeliveryHistory.RECEIVED);
            assertThat(story.events(DeliveryHistory.GAP)).isEmpty();
            assertThat(other.complaints()).isEmpty();
            assertThat(other.story().repetitions()).isZero();
            scene.assertInOrder();
            daemon.terminate();
            scene.assertQuietConsoles();
            return rate;
        }
    }

    /// Returns a mailbox for each mail in a second: the simulated Exchange sends the mails of one mailbox together.
    private List<String> addresses() {
        return IntStream.range(0, mailsPerSecond)
                .mapToObj(i -> "box" + i + "@example.com")
                .toList();
    }

    private record RunningScene(
            Path folder, EndToEndScene scene, DaemonProcess daemon, MisbehavingWebhookReceiver other) {}

    private double reloadUnderLoad(RunningScene running, ServedCertificateRecorder certificates) throws IOException {
        var scene = running.scene();
        try (var failures = FailedCallbackCollector.start(scene.exchange().callbacks())) {
            double rate;
            try (var load = SteadyMailLoad.on(scene, mailsPerSecond)) {
                // the JVMs first compile what the load needs
                scene.awaitMoreAcknowledged(mailsPerSecond * times / 5);
                var before = UsedTime.until(failures.count(), running.daemon());
                for (var round = 1; round <= times; round++) {
                    scene.awaitMoreAcknowledged(mailsPerSecond / 2);
                    var certificate = certificates.identity(round);
                    certificate.write(running.folder());
                    writeList(running.folder(), scene.addresses(), round);
                    configure(scene, running.other(), round);
                    reload(running);
                    EndToEndScene.await("the certificate of round " + round)
                            .until(() -> certificates.hasServed(certificate));
                    if (round % FAULTY_EVERY == 0) {
                        rejectFaulty(running);
                    }
                }
                load.assertStillRunning();
                rate = report(
                        UsedTime.until(failures.count(), running.daemon()).since(before),
                        scene.exchange().repeatedCallbacks());
            }
            scene.awaitAllReceived();
            assertThat(failures.failed())
                    .as("callbacks without acknowledgement")
                    .isEmpty();
            assertThat(scene.exchange().repeatedCallbacks())
                    .as("callbacks without a response on a shared connection, sent again on a new one")
                    .isZero();
            return rate;
        }
    }

    /// Sets everything that differs between two rounds.
    private static void configure(EndToEndScene scene, MisbehavingWebhookReceiver other, int round) {
        var odd = round % 2 == 1;
        scene.with("group", "mailboxes", "[ ]")
                .with("group", "mailboxes-file", "list.txt")
                .with("group", "forward-to", odd ? "[ hook, other ]" : "[ hook ]")
                .with("connection", "auth", "{ type: basic, username: svc, password: 'secret" + round + "' }")
                .with("connection", "limits", "{ concurrency: " + (8 + round % 3) + " }")
                .with("listener", "queue", Integer.toString(10_000 + round))
                .with("sink", "secret", "[ '" + randomSecret() + "', '${file:hook.secret}' ]")
                .with("sink", "headers", "{ X-Round: '" + round + "' }")
                .with("sink", "concurrency", Integer.toString(4 + round % 4))
                .with("sink", "timeout", SINK_TIMEOUT)
                .withSink("other", odd ? furtherSink(other) : "");
    }

    private static String furtherSink(MisbehavingWebhookReceiver other) {
        return "{ url: '" + other.url() + "', secret: '" + other.secret() + "', timeout: " + SINK_TIMEOUT + " }";
    }

    private static void writeList(Path folder, List<String> all, int round) throws IOException {
        var addresses = new ArrayList<>(all);
        if (round % 2 == 1) {
            addresses.add("guest@example.com");
        }
        Files.writeString(
                folder.resolve("list.txt"),
                addresses.stream().map(each -> each + "\n").collect(Collectors.joining()));
    }

    private static void reload(RunningScene running) {
        var admin = running.scene().admin();
        var before = admin.metric(SUCCESS_AT);
        running.scene().config().write(running.folder());
        requestReload(running);
        EndToEndScene.await("the reload").until(() -> admin.metric(SUCCESS_AT) > before);
        assertThat(admin.metric(SUCCESSFUL)).isEqualTo(1.0);
    }

    private static void requestReload(RunningScene running) {
        if (running.daemon().ignoresHangUp()) {
            running.scene().admin().post("/-/reload");
        } else {
            running.daemon().hangUp();
        }
    }

    private static void rejectFaulty(RunningScene running) {
        var scene = running.scene();
        var file = running.folder().resolve("tidemark.yaml");
        var mailboxes = scene.admin().get("/api/v1/status").path("mailboxes");
        try {
            Files.writeString(file, Files.readString(file).replace("forward-to:", "forward-too:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requestReload(running);
        EndToEndScene.await("the rejection").until(() -> scene.admin().metric(SUCCESSFUL) == 0.0);
        assertThat(scene.admin().get("/api/v1/status").path("problems").toString())
                .contains("\"area\":\"configuration\"", "forward-too");
        assertThat(running.daemon().output()).contains("WARN", "forward-too");
        assertThat(scene.admin().get("/api/v1/status").path("mailboxes").findValues("total"))
                .isEqualTo(mailboxes.findValues("total"));
    }

    private double report(UsedTime used, long repeated) {
        var rate = used.callbacks() * 1000.0 / used.elapsed().toMillis();
        System.getLogger("figures")
                .log(
                        System.Logger.Level.INFO,
                        "{0} reloads in {1}, {2} callbacks, {3} per second, {6} sent again; processor time of the daemon"
                                + " {4}, of the simulated Exchange with the receiver {5}",
                        times,
                        used.elapsed(),
                        used.callbacks(),
                        rate,
                        used.ofDaemon(),
                        used.ofTest(),
                        repeated);
        return rate;
    }

    /// Callbacks, and the time for them.
    ///
    /// @param ofDaemon processor time of the daemon
    /// @param ofTest processor time of this process
    private record UsedTime(long callbacks, Duration elapsed, Duration ofDaemon, Duration ofTest) {
        /// Returns the totals of both processes now.
        static UsedTime until(long callbacks, DaemonProcess daemon) {
            return new UsedTime(
                    callbacks,
                    Duration.ofNanos(System.nanoTime()),
                    daemon.processorTime(),
                    ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
        }

        UsedTime since(UsedTime before) {
            return new UsedTime(
                    callbacks - before.callbacks,
                    elapsed.minus(before.elapsed),
                    ofDaemon.minus(before.ofDaemon),
                    ofTest.minus(before.ofTest));
        }
    }

    private static String randomSecret() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return "whsec_" + Base64.getEncoder().encodeToString(key);
    }
}
