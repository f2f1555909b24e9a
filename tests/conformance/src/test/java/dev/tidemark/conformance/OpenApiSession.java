package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Client of the admin API that checks each response against `openapi.yaml` and records the covered parts.
final class OpenApiSession implements AutoCloseable {
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final HttpClient client = HttpClient.newHttpClient();
    private final OpenApiDocument document;
    private URI base;
    private String token;

    /// `GET /path 200`, `GET /path ?parameter`, `Schema/field`.
    private final Set<String> seen = new TreeSet<>();

    OpenApiSession(OpenApiDocument document, URI base, String token) {
        this.document = document;
        this.base = base;
        this.token = token;
    }

    /// Continues with another daemon.
    void moveTo(URI other, String itsToken) {
        base = other;
        token = itsToken;
    }

    Set<String> seen() {
        return seen;
    }

    Map<String, Object> get(String path) {
        return expect(200, "GET", path, "");
    }

    Map<String, Object> post(int status, String path) {
        return expect(status, "POST", path, "");
    }

    Map<String, Object> post(int status, String path, Map<String, Object> body) {
        return expect(status, "POST", path, PublishedSchemas.json(body));
    }

    /// Calls the API and returns the fields of its response, if it has any.
    Map<String, Object> expect(int status, String method, String path, String body) {
        var response = send(method, path, body, "Bearer " + token);
        assertThat(response.statusCode())
                .as(() -> method + " " + path + ": " + response.body())
                .isEqualTo(status);
        if (!body.isEmpty() && status / 100 == 2) {
            checked(describedBody(method, path), body);
        }
        return check(method, path, response);
    }

    /// Opens a stream of events, reads its first line and leaves.
    String firstLineOf(String path) {
        var response = send(request("GET", path, "", "Bearer " + token), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        recordCall(operation("GET", path), path, response.statusCode());
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            return String.valueOf(lines.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String describedBody(String method, String path) {
        return operation(method, path)
                .body()
                .orElseThrow(() -> new AssertionError(method + " " + path + " takes a body that is not described"));
    }

    private OpenApiDocument.ApiOperation operation(String method, String path) {
        return document.find(method, URI.create(path).getRawPath())
                .orElseThrow(() -> new AssertionError(method + " " + path + " is not described"));
    }

    /// Calls the API without a valid token.
    Map<String, Object> withoutToken(String method, String path) {
        return check(method, path, send(method, path, "", "Basic nothing"));
    }

    private Map<String, Object> check(String method, String path, HttpResponse<String> response) {
        var operation = operation(method, path);
        recordCall(operation, path, response.statusCode());
        var described = operation.responses().get(String.valueOf(response.statusCode()));
        if (described == null) {
            assertThat(response.statusCode())
                    .as(path + " has a response that is not described")
                    .isGreaterThan(400);
            return checked("Problem", response.body());
        }
        return described.map(schema -> checked(schema, response.body())).orElseGet(Map::of);
    }

    private void recordCall(OpenApiDocument.ApiOperation operation, String path, int status) {
        seen.add(operation.name() + " " + status);
        var query = URI.create(path).getRawQuery();
        if (query != null && status / 100 == 2) {
            List.of(query.split("&", -1))
                    .forEach(pair -> seen.add(operation.name() + " ?" + pair.replaceFirst("=.*", "")));
        }
    }

    private Map<String, Object> checked(String schema, String body) {
        var faults = REGISTRY.getSchema(document.strictSchema(schema), InputFormat.JSON)
                .validate(
                        body,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        assertThat(faults).as(() -> schema + " " + body).isEmpty();
        var tree = OpenApiDocument.map(PublishedSchemas.parsed(body));
        document.addFieldsOf(tree, schema, seen);
        return tree;
    }

    private HttpResponse<String> send(String method, String path, String body, String authorization) {
        return send(request(method, path, body, authorization), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body, String authorization) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", authorization)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        // a stream that was left has no end of its own
        client.shutdownNow();
        client.close();
    }
}
