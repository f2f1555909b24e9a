package dev.tidemark.daemon.command;

import dev.tidemark.daemon.admin.UnreachableException;
import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.SourceLocation;
import dev.tidemark.daemon.config.YamlJsonCodec;
import dev.tidemark.http.ConnectionReuse;
import dev.tidemark.http.StaleConnectionException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/// HTTP client for the admin API of a running daemon. Used by one command on its thread; no other class of the
/// command line uses the HTTP library.
final class AdminClient implements AutoCloseable {
    private static final int CONNECT_SECONDS = 5;

    /// Response timeout in seconds. A request that waits for events may take up to an hour.
    private static final int RESPONSE_SECONDS = 3600;

    private final URI admin;
    private final Optional<String> token;
    private final String tokenRemedy;
    private final CloseableHttpClient client;

    AdminClient(URI admin, Optional<String> token) {
        this(admin, token, Optional.empty(), "name a current token");
    }

    /// Creates a client.
    ///
    /// @param pinned trust in the only certificate that is accepted, for any host; empty for the JVM's
    ///         authorities
    /// @param tokenRemedy remedy for a token that is missing or refused
    AdminClient(URI admin, Optional<String> token, Optional<SSLContext> pinned, String tokenRemedy) {
        this.admin = admin;
        this.token = token;
        this.tokenRemedy = tokenRemedy;
        var connections = PoolingHttpClientConnectionManagerBuilder.create();
        pinned.ifPresent(trust -> connections.setTlsSocketStrategy(
                new DefaultClientTlsStrategy(trust, HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE)));
        this.client = ConnectionReuse.client(
                        connections,
                        ConnectionReuse.limits()
                                .setConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                                .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(RESPONSE_SECONDS, TimeUnit.SECONDS)
                        .build())
                .build();
    }

    private record Response(int status, String body) {}

    Map<String, Object> get(String path) {
        return call("GET", path);
    }

    /// Returns the body of a response as text. Accepts 503, with which readiness reports its checks.
    String getText(String path) {
        var response = exchange(new HttpUriRequestBase("GET", address(path)));
        if (response.status() >= 300 && response.status() != 503) {
            throw refused(response.status(), YamlJsonCodec.fromJson(response.body()));
        }
        return response.body();
    }

    Map<String, Object> post(String path) {
        return call("POST", path);
    }

    Map<String, Object> post(String path, Map<String, Object> body) {
        return call("POST", path, Optional.of(YamlJsonCodec.toJson(body)));
    }

    Map<String, Object> put(String path) {
        return call("PUT", path);
    }

    Map<String, Object> delete(String path) {
        return call("DELETE", path);
    }

    /// @throws UnreachableException if the admin API does not respond
    /// @throws ConfigException if the daemon rejects its configuration
    /// @throws CommandException with the API's error text if the API refuses the request
    private Map<String, Object> call(String method, String path) {
        return call(method, path, Optional.empty());
    }

    private Map<String, Object> call(String method, String path, Optional<String> body) {
        var request = new HttpUriRequestBase(method, address(path));
        body.ifPresent(text -> request.setEntity(new StringEntity(text, ContentType.APPLICATION_JSON)));
        var response = exchange(request);
        var tree = YamlJsonCodec.findJsonObject(response.body());
        if (tree.isEmpty() && !response.body().isBlank() && response.status() != 401) {
            throw new UnreachableException("The server at " + admin + " responded with status " + response.status()
                    + " and is no admin API of Tidemark; set the right address with --admin.");
        }
        if (response.status() >= 300) {
            throw refused(response.status(), tree.orElseGet(Map::of));
        }
        return tree.orElseGet(Map::of);
    }

    private URI address(String path) {
        return URI.create(admin.toString().replaceAll("/+$", "") + path);
    }

    private Response exchange(HttpUriRequestBase request) {
        token.ifPresent(text -> request.addHeader("Authorization", "Bearer " + text));
        try {
            return send(request);
        } catch (IOException unreachable) {
            throw new UnreachableException(
                    "No admin API responds at " + admin + " (" + unreachable.getMessage()
                            + "); start 'tidemark run', or set the right address with --admin.",
                    unreachable);
        }
    }

    private RuntimeException refused(int status, Map<String, Object> problem) {
        if (status == 401) {
            return new CommandException(
                    ExitCodes.FAILED,
                    "The admin API at " + admin + (token.isPresent() ? " refused the token" : " needs a token") + "; "
                            + tokenRemedy + ".");
        }
        if (problem.get("faults") instanceof List<?> faults && !faults.isEmpty()) {
            return rejectedConfiguration(faults);
        }
        return new CommandException(
                exitCode(status),
                problem.getOrDefault("detail", "The admin API responded with status " + status) + ".");
    }

    /// A 503 means that the daemon starts or stops, or cannot reach its store or audit file.
    private static int exitCode(int status) {
        return switch (status) {
            case 400 -> ExitCodes.USAGE;
            case 503 -> ExitCodes.UNREACHABLE;
            default -> ExitCodes.FAILED;
        };
    }

    /// Returns the faults of a configuration that the daemon rejected.
    private static ConfigException rejectedConfiguration(List<?> faults) {
        return new ConfigException(faults.stream()
                .filter(Map.class::isInstance)
                .map(fault -> diagnostic((Map<?, ?>) fault))
                .toList());
    }

    private static ConfigDiagnostic diagnostic(Map<?, ?> fault) {
        var place = new SourceLocation(
                String.valueOf(fault.get("file")), number(fault.get("line")), number(fault.get("column")));
        return ConfigDiagnostic.ofFault(place, String.valueOf(fault.get("message")));
    }

    private static int number(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : 1;
    }

    private Response send(HttpUriRequestBase request) throws IOException {
        try {
            return client.execute(request, AdminClient::readResponse);
        } catch (StaleConnectionException nothingAnswered) {
            return client.execute(request, ConnectionReuse.onNewConnection(), AdminClient::readResponse);
        }
    }

    private static Response readResponse(ClassicHttpResponse response) throws IOException {
        try {
            var entity = response.getEntity();
            return new Response(
                    response.getCode(), entity == null ? "" : EntityUtils.toString(entity, StandardCharsets.UTF_8));
        } catch (ParseException broken) {
            throw new IOException("the response is not HTTP", broken);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException broken) {
            throw new IllegalStateException("The connection to " + admin + " did not close.", broken);
        }
    }
}
