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
import java.util.function.Supplier;
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
    private static final String BEHIND = LIST + "worst&after=…";
    private static final Duration PAUSE = Duration.ofMillis(20);

    /// Calls between two readings of the processor time, which Linux counts in steps of 10 ms.
    private static final int REPEATS = 100;

    /// Rounds of the measurement. The first one warms up the JVM; the last one counts.
    private static final int ROUNDS = 2;

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
                timed(path, path);
                Thread.sleep(PAUSE);
            }
            timed(ONE, ONE);
            var next = timed(BEHIND, LIST + "worst" + after).get("next");
            after = next == null ? "" : "&after=" + next;
            rounds++;
        }
        return rounds;
    }

    private Map<?, ?> timed(String name, String path) throws InterruptedException {
        var start = System.nanoTime();
        var body = body(path);
        times.computeIfAbsent(name, ignored -> new Histogram(3)).recordValue(System.nanoTime() - start);
        return BenchmarkJsonCodec.read(body, Map.class);
    }

    private String body(String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(admin.resolve(path))
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new BenchmarkException(
                        "The daemon responded " + response.statusCode() + " to " + path + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new BenchmarkException("The daemon did not respond to " + path + ": " + e.getMessage(), e);
        }
    }

    /// Returns the milliseconds of the daemon's processor time for each call. The daemon must do nothing else.
    ///
    /// @param processor returns the processor time of the daemon so far
    Map<String, Double> processorMillis(Supplier<Duration> processor) throws InterruptedException {
        var next = BenchmarkJsonCodec.read(body(LIST + "worst"), Map.class).get("next");
        var paths = new LinkedHashMap<String, String>();
        PATHS.forEach(path -> paths.put(path, path));
        paths.put(ONE, ONE);
        paths.put(BEHIND, LIST + "worst" + (next == null ? "" : "&after=" + next));
        var millis = new LinkedHashMap<String, Double>();
        for (var round = 0; round < ROUNDS; round++) {
            for (var path : paths.entrySet()) {
                var before = processor.get();
                for (var call = 0; call < REPEATS; call++) {
                    body(path.getValue());
                }
                millis.put(path.getKey(), processor.get().minus(before).toNanos() / 1e6 / REPEATS);
            }
        }
        return millis;
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
