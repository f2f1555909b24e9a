package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Uses the daemon's admin API as a script would, with the token of the first start.
final class AdminScript implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI base;
    private final Path tokenFile;
    private final HttpClient client = HttpClient.newHttpClient();

    AdminScript(URI base, Path tokenFile) {
        this.base = base;
        this.tokenFile = tokenFile;
    }

    URI base() {
        return base;
    }

    JsonNode get(String path) {
        var answer = request(path);
        assertThat(answer.statusCode()).as(() -> path + ": " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    HttpResponse<String> request(String path) {
        try {
            return client.send(builder(path).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the daemon", e);
        }
    }

    /// Posts without a body; returns the status.
    int post(String path) {
        return send("POST", path);
    }

    /// Puts without a body; returns the status.
    int put(String path) {
        return send("PUT", path);
    }

    private int send(String method, String path) {
        try {
            var request = builder(path)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the daemon", e);
        }
    }

    private HttpRequest.Builder builder(String path) {
        var request = HttpRequest.newBuilder(base.resolve(path));
        return Files.exists(tokenFile) ? request.header("Authorization", authorization()) : request;
    }

    /// Returns the header with the token of the first start.
    String authorization() {
        try {
            return "Bearer " + Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode mailbox(String address) {
        return get("/api/v1/mailboxes/" + address);
    }

    String state(String address) {
        return mailbox(address).path("state").asString();
    }

    /// Returns a total of the status, e.g. `journalled`.
    long total(String name) {
        var status = get("/api/v1/status");
        return Stream.of(status.at("/totals/" + name), status.path(name))
                .filter(JsonNode::isNumber)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no total '" + name + "' in " + status))
                .asLong();
    }

    /// Returns the newest offset of Exchange's clock, in seconds ahead of Tidemark's.
    double clockOffset() {
        return metric("tidemark_exchange_clock_offset_seconds{connection=\"lab\"}");
    }

    /// Returns the value of a series.
    double metric(String series) {
        var metrics = request("/metrics").body();
        var found =
                Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(metrics);
        assertThat(found.find()).as(metrics).isTrue();
        return Double.parseDouble(found.group(1));
    }

    /// Returns the limit of the histogram's first bucket that holds at least this share of the values.
    double quantile(String histogram, double share) {
        var wanted = share * metric(histogram + "_count");
        return Pattern.compile("(?m)^" + histogram + "_bucket\\{le=\"([^\"]+)\"} (\\S+)$")
                .matcher(request("/metrics").body())
                .results()
                .filter(bucket -> Double.parseDouble(bucket.group(2)) >= wanted)
                .map(bucket -> bucket.group(1).equals("+Inf") ? "Infinity" : bucket.group(1))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElse(Double.NaN);
    }

    /// Returns the status of the readiness check.
    int readiness() {
        return request("/health/ready").statusCode();
    }

    @Override
    public void close() {
        client.close();
    }
}
