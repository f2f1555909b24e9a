package dev.tidemark.interoperability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs exchangelib, the usual client for Python, against the simulated Exchange. Skipped if Debian's
/// `python3-exchangelib` is not installed.
final class ExchangelibTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String ADA = "ada@example.com";

    private final SimulatedExchange exchange = SimulatedExchange.start(SimulatorConfig.defaults(), Clock.systemUTC());
    private final RecordingCallbackServer listener = RecordingCallbackServer.start();
    private SimulatedMailbox ada;

    /// Output and exit code of a program.
    private record Ran(int status, String output) {}

    @BeforeEach
    void needs_exchangelib() throws IOException, InterruptedException {
        assumeThat(Path.of(PYTHON)).as("%s, to run exchangelib", PYTHON).exists();
        assumeThat(run(List.of(PYTHON, "-c", "import exchangelib")).status())
                .as("exchangelib, which Debian has as python3-exchangelib, can be imported by %s", PYTHON)
                .isZero();
        ada = exchange.addMailbox(ADA);
    }

    @AfterEach
    void close() {
        listener.close();
        exchange.close();
    }

    @Test
    void it_subscribes_and_synchronises() throws Exception {
        var first = ada.deliver("Hello").id();
        var second = ada.deliver("World").id();
        var understood = client();
        assertThat(understood.path("subscription").asString())
                .isEqualTo(exchange.subscriptions(ada.address()).getFirst().value());
        assertThat(understood.path("watermark").asString()).isNotEmpty();
        assertThat(understood.path("state").asBoolean()).isTrue();
        assertThat(understood
                        .path("changes")
                        .valueStream()
                        .map(change -> change.path(1).asString()))
                .containsExactlyInAnyOrder(first, second);
    }

    @Test
    void its_watermark_in_the_wrong_namespace_is_called_by_name() throws Exception {
        var watermark = client().path("watermark").asString();
        var refused = run(arguments(watermark));
        assertThat(refused.status()).isNotZero();
        assertThat(refused.output()).contains("ErrorSchemaValidation", "'Watermark' in namespace");
    }

    private JsonNode client() throws Exception {
        var ran = run(arguments());
        assertThat(ran.status()).as("%s", ran.output()).isZero();
        return JsonMapper.shared().readTree(ran.output().lines().toList().getLast());
    }

    private List<String> arguments(String... more) throws URISyntaxException {
        var script = Objects.requireNonNull(ExchangelibTest.class.getResource("exchangelib_client.py"));
        var command = new ArrayList<>(List.of(
                PYTHON,
                Path.of(script.toURI()).toString(),
                exchange.url().toString(),
                ADA,
                listener.url("python").toString()));
        command.addAll(List.of(more));
        return command;
    }

    private static Ran run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ran(process.waitFor(), output);
    }
}
