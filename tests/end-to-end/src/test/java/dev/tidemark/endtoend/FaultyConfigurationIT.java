package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks failing starts and their messages.
final class FaultyConfigurationIT {
    private static final String FIVE_FAULTS = """
            instance: e2e
            connections:
              lab:
                url: http://127.0.0.1:1/EWS/Exchange.asmx
                auth: { type: none }
            listener:
              bind: 127.0.0.1:0
              public-url: http://127.0.0.1:8780
              max-boddy: 1MiB
            subscriptions:
              - name: inboxes
                connection: labb
                mailboxes: [ ada@example.com ]
                events: [ NewMale ]
                forward-to: [ hook ]
            sinks:
              hook:
                type: webhook
                url: http://127.0.0.1:9/hook
                secret: whsec_short
            compensator:
              grace: 90 parsecs
            """;
    private static final List<String> PLACES = List.of(":9:3: ", ":12:17: ", ":14:15: ", ":20:13: ", ":22:10: ");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void check_names_all_five_faults_at_once() throws IOException, InterruptedException {
        assertFiveFaults("check");
    }

    @Test
    void run_names_all_five_faults_at_once() throws IOException, InterruptedException {
        assertFiveFaults("run");
    }

    @Test
    void a_port_that_is_taken_is_told_in_a_sentence() throws IOException, InterruptedException {
        try (var scene = EndToEndScene.in(folder, "ada@example.com");
                var taken = new ServerSocket(scene.config().listenerPort(), 1, InetAddress.getLoopbackAddress())) {
            var result = CommandRunner.tidemark(
                    "run", "--config", scene.config().write(folder).toString());

            CommandRunner.assertSentence(result, Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void an_admin_port_that_is_taken_is_told_in_a_sentence() throws IOException, InterruptedException {
        try (var scene = EndToEndScene.in(folder, "ada@example.com");
                var taken = new ServerSocket(scene.config().adminPort(), 1, InetAddress.getLoopbackAddress())) {
            var result = CommandRunner.tidemark(
                    "run", "--config", scene.config().write(folder).toString());

            CommandRunner.assertSentence(result, Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void a_store_that_another_process_holds_is_told_in_a_sentence() throws IOException, InterruptedException {
        try (var scene = EndToEndScene.in(folder, "ada@example.com")) {
            scene.start();
            var second = new DaemonConfig(scene.tap().url(), scene.addresses(), scene.webhook())
                    .with("store", "url", "jdbc:h2:file:" + folder.resolve("data/tidemark"));
            var beside = Files.createDirectory(folder.resolve("second"));
            var result = CommandRunner.tidemark(
                    "run", "--config", second.write(beside).toString());

            CommandRunner.assertSentence(result, "in use by another process");
        }
    }

    private void assertFiveFaults(String command) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve("tidemark.yaml"), FIVE_FAULTS);
        var result = CommandRunner.tidemark(command, "--config", file.toString());

        assertThat(result.exit()).as(result::all).isEqualTo(3);
        assertThat(result.all().lines().filter(line -> line.contains("tidemark.yaml:")))
                .hasSize(5)
                .allMatch(line -> PLACES.stream().anyMatch(line::contains))
                .allMatch(line -> line.matches(".*tidemark\\.yaml:\\d+:\\d+: .+"));
        assertThat(result.all()).contains(PLACES);
        assertThat(result.stackTraces()).isEmpty();
    }
}
