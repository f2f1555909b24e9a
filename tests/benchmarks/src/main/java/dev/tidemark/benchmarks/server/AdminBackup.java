package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Backs up the store of a running daemon through its admin API.
///
/// @param token file with the token of the first start
/// @param to directory that does not exist yet
public record AdminBackup(URI admin, Path token, Path to) {
    /// Starts the backup and waits until it is complete. Returns how long it took.
    Duration run() {
        var start = System.nanoTime();
        try (var client = HttpClient.newHttpClient()) {
            var body = HttpRequest.BodyPublishers.ofString(BenchmarkJsonCodec.line(Map.of("to", to.toString())));
            var operation = send(
                            client,
                            request("/api/v1/backup")
                                    .header("Content-Type", "application/json")
                                    .POST(body)
                                    .build())
                    .get("operation");
            var status = request("/api/v1/operations/" + operation + "?wait=10").build();
            var state = send(client, status);
            while (state.get("finishedAt") == null) {
                state = send(client, status);
            }
            if (state.get("error") != null) {
                throw new BenchmarkException("The backup failed: " + state.get("error"));
            }
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private HttpRequest.Builder request(String path) {
        try {
            return HttpRequest.newBuilder(admin.resolve(path))
                    .header("Authorization", "Bearer " + Files.readString(token).strip());
        } catch (IOException e) {
            throw new BenchmarkException("The admin token cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<?, ?> send(HttpClient client, HttpRequest request) {
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new BenchmarkException("The daemon refused a backup: " + response.body());
            }
            return BenchmarkJsonCodec.read(response.body(), Map.class);
        } catch (IOException e) {
            throw new BenchmarkException("The daemon did not respond to a backup: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("Interrupted while a backup was in progress.", e);
        }
    }
}
