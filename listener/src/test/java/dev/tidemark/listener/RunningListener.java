package dev.tidemark.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.tracing.EventTracer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// Listener on a free port, with a recording intake and an HTTP client.
final class RunningListener implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-01T09:15:03Z");
    static final MailboxId ADA = new MailboxId("mbx_7q2m4k7vabcd2345");
    static final AttemptId ATTEMPT = new AttemptId(ADA, 7);
    static final CallbackTokenCodec TOKENS =
            new CallbackTokenCodec("0123456789abcdef0123456789abcdef".getBytes(UTF_8), List.of());

    final RecordingIntake intake = new RecordingIntake();
    final List<MailboxId> triggers = new CopyOnWriteArrayList<>();
    final CallbackListener listener;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RunningListener() {
        this(UnaryOperator.identity());
    }

    RunningListener(UnaryOperator<Settings> change) {
        listener = start(change.apply(new Settings()), new IntakeOnly(intake));
    }

    /// Starts a listener on the given store; the recording intake stays unused.
    RunningListener(WatermarkStore store) {
        listener = start(new Settings(), store);
    }

    /// Starts a listener that reports its callbacks to a tracer.
    RunningListener(EventTracer tracer) {
        listener = CallbackListener.start(
                new Settings().config(),
                new IntakeOnly(intake),
                TOKENS,
                triggers::add,
                (mailbox, parts) -> {},
                tracer,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private CallbackListener start(Settings settings, WatermarkStore store) {
        return CallbackListener.start(
                settings.config(), store, TOKENS, triggers::add, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /// Settings that tests vary; all others are a daemon's defaults.
    static final class Settings {
        String prefix = "";
        List<String> allowFrom = List.of();
        List<String> proxies = List.of();
        int maxBody = 1 << 20;
        int queue = 10_000;
        int workers = 2;
        Duration drain = Duration.ZERO;
        Duration idle = Duration.ofSeconds(10);
        Optional<ListenerConfig.Tls> tls = Optional.empty();
        ListenerConfig.MaxConnections connections = ListenerConfig.MaxConnections.DERIVED;

        ListenerConfig config() {
            return onPort(0);
        }

        ListenerConfig onPort(int port) {
            return new ListenerConfig(
                    "127.0.0.1",
                    port,
                    prefix,
                    allowFrom,
                    proxies,
                    "/healthz",
                    maxBody,
                    workers,
                    queue,
                    drain,
                    idle,
                    tls,
                    connections);
        }
    }

    static String path(AttemptId attempt) {
        return "/ews/notifications/" + TOKENS.mint(attempt);
    }

    static String path() {
        return path(ATTEMPT);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + listener.port() + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "text/xml; charset=utf-8");
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    HttpResponse<String> post(String body) {
        return post(path(), body);
    }

    CompletableFuture<HttpResponse<String>> postLater(AttemptId attempt, String body) {
        var request = request(path(attempt)).POST(BodyPublishers.ofString(body)).build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    /// Returns true if the callback gets 200. Returns false only if the machine delayed it for longer than
    /// `idle` after `since`. Then the listener rightly closed this connection, too.
    boolean isRespondedOk(String body, Duration idle, long since) {
        try {
            assertThat(post(body).statusCode()).isEqualTo(200);
            return true;
        } catch (AssertionError e) {
            if (System.nanoTime() - since < idle.toNanos()) {
                throw e;
            }
            return false;
        }
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET().build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    RawClient raw() {
        return new RawClient(listener.port());
    }

    @Override
    public void close() {
        client.close();
        listener.close();
    }
}
