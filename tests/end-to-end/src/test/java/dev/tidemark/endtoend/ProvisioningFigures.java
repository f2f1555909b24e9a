package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// Measures how long very many new mailboxes take, the memory of the daemon, and how fast it responds meanwhile.
///
/// @param begin `System.nanoTime` at the start
record ProvisioningFigures(EndToEndScene scene, DaemonProcess daemon, long begin) {
    private static final int CLIENTS = 32;

    /// Adds the mailboxes by concurrent requests, while another client reads.
    void addAll(List<String> addresses) throws Exception {
        var done = new AtomicBoolean();
        var waits = new ArrayList<Long>();
        var reader = Thread.ofPlatform().start(() -> read(done, waits));
        var answers = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (var address : addresses) {
                answers.add(threads.submit(
                        () -> scene.admin().put("/api/v1/groups/" + DaemonConfig.GROUP + "/mailboxes/" + address)));
            }
        }
        for (var answer : answers) {
            assertThat(answer.get()).isEqualTo(201);
        }
        var took = sinceBegin();
        done.set(true);
        reader.join();
        waits.sort(Long::compare);
        report(addresses.size() + " added in " + took + "; " + waits.size() + " other requests, p99 "
                + waits.get(waits.size() * 99 / 100) + " ms, longest " + waits.getLast() + " ms");
    }

    /// Reads on a separate connection, so that no wait for other clients counts as time of the daemon.
    private void read(AtomicBoolean done, List<Long> waits) {
        while (!done.get()) {
            var from = System.nanoTime();
            readSinks();
            waits.add(Duration.ofNanos(System.nanoTime() - from).toMillis());
        }
    }

    private void readSinks() {
        try {
            var connection = (HttpURLConnection)
                    scene.admin().base().resolve("/api/v1/sinks").toURL().openConnection();
            connection.setRequestProperty("Authorization", scene.admin().authorization());
            try (var body = connection.getInputStream()) {
                body.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until all mailboxes are subscribed.
    void awaitAll(int count) {
        EndToEndScene.await("all mailboxes")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> scene.admin()
                                .get("/api/v1/status")
                                .at("/mailboxes/active")
                                .asLong(0)
                        == count);
        report(count + " active after " + sinceBegin() + "; " + daemon.residentMemory() + "; "
                + scene.exchange().requests().size() + " of the newest requests kept");
    }

    private Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void report(String figures) {
        System.getLogger("figures").log(System.Logger.Level.INFO, figures);
    }
}
