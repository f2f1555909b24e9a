package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class EventsCommandTest {
    private static final String PAGE = """
            {"items":[{"position":"j1-1","event":{"type":"dev.tidemark.mailbox.message.received","subject":"ada@example.com",
              "time":"2026-11-01T09:15:02.413Z","data":{"mailbox":{"id":"mbx_1"},"change":{"kind":"NewMail"},
              "item":{"id":"AAMk1"},"parentFolder":{"id":"AAMk2","name":"Inbox"},"message":{"subject":"Hello\\n\\u009BBob"}}}},
             {"position":"j1-2","event":{"type":"dev.tidemark.sink.failing","time":"2026-11-01T09:15:03Z",
              "data":{"sink":"crm","reason":"responded 503","error":{"code":"Busy","message":"later"}}}}],
             "next":"j1-2"}""";

    private final StringWriter out = new StringWriter();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                var body = PAGE.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_readable_line_names_time_type_mailbox_and_what_happened() {
        assertThat(tail("--text")).isEqualToNormalizingNewlines("""
                        2026-11-01T09:15:02Z  mailbox.message.received  ada@example.com  item AAMk1  parentFolder Inbox  message Hello  Bob
                        2026-11-01T09:15:03Z  sink.failing  -  sink crm  reason responded 503  error Busy: later
                        """);
    }

    @Test
    void a_readable_line_begins_with_the_position_on_request() {
        assertThat(tail("--text", "--positions").lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("j1-1  2026-11-01"),
                        second -> assertThat(second).startsWith("j1-2  2026-11-01"));
    }

    private String tail(String... options) {
        var address = "http://127.0.0.1:" + server.getAddress().getPort();
        var commands = TidemarkMain.commandLine(new CommandEnvironment(Clock.systemUTC(), name -> Optional.empty()));
        commands.setOut(new PrintWriter(out));
        var arguments = new String[] {"events", "tail", "--count", "2", "--admin", address};
        var all = new String[arguments.length + options.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(options, 0, all, arguments.length, options.length);
        assertThat(commands.execute(all)).isZero();
        return out.toString();
    }
}
