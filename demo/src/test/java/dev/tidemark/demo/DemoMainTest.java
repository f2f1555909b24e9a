package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simulate --certificate simulated.pem",
                "simulate --login svc-push",
                "simulate --record https://exchange.example/EWS/Exchange.asmx",
                "simulate --record exchange --to recording",
                "simulate --scenario no-such-scenario.yaml",
                "simulate --port 70000",
                "listen --port -1",
                "demo --mailboxes 0",
                "demo --rate 0",
                "demo --duration soon",
                "demo --report /no-such-folder/report.json",
                "demo --report /",
                "demo --unheard-of"
            })
    void says_in_one_sentence_what_cannot_be_asked_for(String line) {
        assertThat(execute(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("tidemark: ").doesNotContain("\tat ");
    }

    @Test
    void lists_these_commands_with_the_others() {
        assertThat(execute("help")).isZero();
        assertThat(out.toString()).contains("run ", "check ", "demo ", "simulate ", "listen ");
    }

    @Test
    void says_which_port_is_taken(@TempDir Path folder) throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\n");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());

            assertThat(execute("listen", "--port", port, "--secret-file", secret.toString()))
                    .isEqualTo(4);
            assertThat(execute("simulate", "--port", port)).isEqualTo(4);
            assertThat(err.toString()).contains("127.0.0.1:" + port).doesNotContain("\tat ");
        }
    }

    private int execute(String... arguments) {
        return DemoMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
