package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.daemon.admin.UnreachableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
final class AdminClientTest {
    private final List<Integer> ports = new CopyOnWriteArrayList<>();
    private final Set<Integer> closedAt = Collections.synchronizedSet(new HashSet<>());
    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = "{\"ok\":true}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_request_that_met_a_closed_connection_is_sent_again_on_a_new_one() {
        closedAt.add(2);
        closedAt.add(4);
        try (var client = client()) {
            assertThat(client.get("/api/v1/status")).isEqualTo(Map.of("ok", true));
            assertThat(client.get("/api/v1/status")).isEqualTo(Map.of("ok", true));
            assertThat(client.post("/api/v1/mailboxes/x/resync")).isEqualTo(Map.of("ok", true));
        }
        assertThat(ports).hasSize(5);
        assertThat(Set.copyOf(ports)).hasSize(3);
    }

    @Test
    void a_new_connection_that_closes_without_a_response_is_reported() {
        closedAt.add(1);
        try (var client = client()) {
            assertThatExceptionOfType(UnreachableException.class).isThrownBy(() -> client.get("/api/v1/status"));
        }
        assertThat(ports).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 502})
    void a_server_that_is_no_admin_api_is_reported(int code) {
        status = code;
        body = "<html>It works!</html>";
        try (var client = client()) {
            assertThatExceptionOfType(UnreachableException.class)
                    .isThrownBy(() -> client.get("/api/v1/status"))
                    .withMessageMatching("The server at http://127[.]0[.]0[.]1:[0-9]+ responded with status " + code
                            + " and is no admin API of Tidemark; .*");
        }
    }

    @Test
    void a_daemon_that_cannot_reach_its_store_is_unreachable() {
        status = 503;
        body = "{\"detail\":\"PostgreSQL cannot be reached; start it\"}";
        try (var client = client()) {
            assertThatExceptionOfType(CommandException.class)
                    .isThrownBy(() -> client.get("/api/v1/status"))
                    .withMessage("PostgreSQL cannot be reached; start it.")
                    .extracting(CommandException::exitCode)
                    .isEqualTo(4);
        }
    }

    private AdminClient client() {
        return new AdminClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Optional.empty());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            ports.add(exchange.getRemoteAddress().getPort());
            if (!closedAt.contains(ports.size())) {
                var bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }
    }
}
