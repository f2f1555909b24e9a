package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.listener.ListenerException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the start and stop of a whole daemon.
class TidemarkDaemonTest {
    private static final Duration DRAIN = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ResourceCloser closing = new ResourceCloser();

    @AfterEach
    void stop() {
        closing.close();
        http.close();
    }

    private TidemarkConfig config(String text) throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        return TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
    }

    private TidemarkDaemon start(String text) throws IOException {
        return closing.add(TidemarkDaemon.start(config(text), Clock.systemUTC()));
    }

    private int status(URI server, String path) {
        try {
            return http.send(request(server, path), BodyHandlers.discarding()).statusCode();
        } catch (IOException gone) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private String body(URI server, String path) throws IOException, InterruptedException {
        return http.send(request(server, path), BodyHandlers.ofString()).body();
    }

    private HttpRequest request(URI server, String path) throws IOException {
        return HttpRequest.newBuilder(URI.create(server + path))
                .header("Authorization", "Bearer " + TestDaemonConfig.token(folder))
                .build();
    }

    @Test
    void a_port_that_is_taken_ends_the_start_with_a_sentence_and_nothing_left_open() throws IOException {
        var taken = start(TestDaemonConfig.TEXT).listenerAddress().getPort();
        var text = TestDaemonConfig.TEXT.replace("./t'", "./u'");
        var wrong = config(text.replace("{ bind: '127.0.0.1:0', pub", "{ bind: '127.0.0.1:" + taken + "', pub"));

        assertThatThrownBy(() -> TidemarkDaemon.start(wrong, Clock.systemUTC()).close())
                .isInstanceOf(ListenerException.class)
                .hasMessageContaining(String.valueOf(taken));

        start(text).close();
    }

    @Test
    void another_name_for_the_same_store_is_a_fault_with_its_place() throws IOException {
        start(TestDaemonConfig.TEXT).close();
        var renamed = config(TestDaemonConfig.TEXT.replace("instance: gw1", "instance: gw2"));

        assertThatThrownBy(
                        () -> TidemarkDaemon.start(renamed, Clock.systemUTC()).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("t.yaml:1:11: instance: ")
                .hasMessageContaining("gw1");
    }

    @Test
    void goes_on_with_what_it_left() throws IOException, InterruptedException {
        start(TestDaemonConfig.TEXT).close();
        var second = start(TestDaemonConfig.TEXT.replace("bob@", "carl@"));

        assertThat(status(second.adminAddress(), "/api/v1/mailboxes/ada@example.com"))
                .isEqualTo(200);
        assertThat(status(second.adminAddress(), "/api/v1/mailboxes/carl@example.com"))
                .isEqualTo(200);
        assertThat(body(second.adminAddress(), "/api/v1/mailboxes/bob@example.com"))
                .contains("\"state\":\"removed\"");
    }

    @Test
    void says_at_once_that_it_stops_and_is_gone_in_time() throws IOException {
        var daemon = start(TestDaemonConfig.TEXT.replace("drain: 0s", "drain: " + DRAIN.toSeconds() + "s"));
        var admin = daemon.adminAddress();
        var listener = daemon.listenerAddress();
        assertThat(status(admin, "/health/ready")).isEqualTo(200);
        assertThat(status(listener, "/healthz")).isEqualTo(200);

        var since = System.nanoTime();
        var stopping = Thread.ofVirtual().start(daemon::close);

        await().until(() -> saysThatItStops(admin, listener) || isOver(since));
        var live = status(admin, "/health/live");
        // on a slow machine the daemon may be gone already
        assertThat(live).isIn(isOver(since) ? List.of(200, 0) : List.of(200));
        await().until(() -> !stopping.isAlive());
        assertThat(status(admin, "/health/live")).isZero();
    }

    private boolean saysThatItStops(URI admin, URI listener) {
        return status(admin, "/health/ready") == 503 && status(listener, "/healthz") == 503;
    }

    /// Returns true if the drain has ended.
    private static boolean isOver(long since) {
        return System.nanoTime() - since >= DRAIN.toNanos();
    }
}
