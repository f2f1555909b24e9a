package dev.tidemark.benchmarks.page;

import dev.tidemark.benchmarks.server.BenchmarkException;
import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/// Calls the admin API as the scripts of the status page do, one call at a time. Used by one thread at a time.
final class PageCalls implements AutoCloseable {
    private static final String LIST = "/api/v1/mailboxes?limit=50&sort=";

    /// Calls of the page's scripts.
    private static final List<String> PATHS = List.of(
            "/api/v1/status",
            "/api/v1/sinks",
            "/api/v1/connections",
            "/api/v1/activity",
            "/api/v1/replays",
            "/api/v1/dead-letters?limit=50",
            "/api/v1/events?after=recent&limit=1000&type=dev.tidemark.subscription.*,dev.tidemark.mailbox.gap.*",
            LIST + "worst",
            LIST + "heard",
            LIST + "watermark",
            LIST + "address",
            LIST + "worst&state=active",
            LIST + "worst&q=mailbox-09",
            LIST + "worst&group=bench");
    private static final String ONE = "/api/v1/mailboxes/mailbox-000001%40example.com";
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final URI admin;
    private final String token;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Histogram> times = new LinkedHashMap<>();

    PageCalls(URI admin, String token) {
        this.admin = admin;
        this.token = token;
    }

    /// Returns the address of the page, which takes the token from its fragment.
    URI page() {
        return admin.resolve("/#token=" + token);
    }

    /// Returns the number of rounds.
    int repeatWhile(BooleanSupplier wanted) throws InterruptedException {
        var rounds = 0;
        var after = "";
        while (wanted.getAsBoolean()) {
            for (var path : PATHS) {
                call(path, path);
                Thread.sleep(PAUSE);
            }
            call(ONE, ONE);
            var next = call(LIST + "worst&after=…", LIST + "worst" + after).get("next");
            after = next == null ? "" : "&after=" + next;
            rounds++;
        }
        return rounds;
    }

    private Map<?, ?> call(String name, String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(admin.resolve(path))
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            var start = System.nanoTime();
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            var took = System.nanoTime() - start;
            if (response.statusCode() != 200) {
                throw new BenchmarkException(
                        "The daemon responded " + response.statusCode() + " to " + path + ": " + response.body());
            }
            times.computeIfAbsent(name, ignored -> new Histogram(3)).recordValue(took);
            return BenchmarkJsonCodec.read(response.body(), Map.class);
        } catch (IOException e) {
            throw new BenchmarkException("The daemon did not respond to " + path + ": " + e.getMessage(), e);
        }
    }

    /// Returns the times of each call in nanoseconds.
    Map<String, Histogram> times() {
        return times;
    }

    @Override
    public void close() {
        client.close();
    }
}
