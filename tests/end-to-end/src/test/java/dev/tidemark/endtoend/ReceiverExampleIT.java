package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Follows the third example of docs/simulator.md with its configuration: a webhook receiver behind Tidemark, driven
/// through the control API of `tidemark simulate`.
final class ReceiverExampleIT {
    private static final Pattern CONFIG = Pattern.compile("```yaml\n( *instance: test\n.*?)```", Pattern.DOTALL);
    private static final Pattern DELIVER = Pattern.compile("`curl -d '([^']*)' http://127.0.0.1:8443(/[^`]*)`");

    private final HttpClient client = HttpClient.newHttpClient();
    private final int simulator = LoopbackPorts.free();

    private static String guide() throws IOException {
        return Files.readString(Path.of("../../docs/simulator.md"));
    }

    /// Returns the configuration of the guide with free ports.
    private String config(MisbehavingWebhookReceiver receiver) throws IOException {
        var found = CONFIG.matcher(guide());
        assertThat(found.find()).as("the configuration in docs/simulator.md").isTrue();
        return found.group(1)
                        .stripIndent()
                        .replace("127.0.0.1:8443", "127.0.0.1:" + simulator)
                        .replace("127.0.0.1:8780", "127.0.0.1:" + LoopbackPorts.free())
                        .replace("http://127.0.0.1:9000/hooks", receiver.url().toString())
                + "admin: { bind: \"127.0.0.1:" + LoopbackPorts.free() + "\" }\n";
    }

    private String call(String path, Optional<String> body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator + path));
        body.ifPresent(text -> request.POST(HttpRequest.BodyPublishers.ofString(text)));
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response::body).isEqualTo(200);
        return response.body();
    }

    @Test
    void a_receiver_gets_the_mail_of_the_guide(@TempDir Path folder) throws Exception {
        var simulate = new ProcessBuilder(InstalledDistribution.launcherCommand(
                        "simulate", "--port", Integer.toString(simulator), "--speed", "10"))
                .redirectErrorStream(true)
                .start();
        try (var receiver = new MisbehavingWebhookReceiver()) {
            var output = new ProcessOutput("simulate", simulate.getInputStream(), Optional.empty());
            EndToEndScene.await("simulator").until(() -> output.text().contains("simulated Exchange at "));
            var config = Files.writeString(folder.resolve("tidemark.yaml"), config(receiver));
            try (var daemon = DaemonProcess.launch(config, Map.of("TIDEMARK_SECRET", receiver.secret()))) {
                daemon.awaitReady();
                EndToEndScene.await("subscription")
                        .until(() -> call("/simulator/subscriptions", Optional.empty())
                                .contains("mailbox1"));

                var item = deliver();

                EndToEndScene.await("event")
                        .untilAsserted(() -> assertThat(receiver.requests())
                                .anyMatch(request -> request.item().equals(Optional.of(item))));
                assertThat(receiver.complaints()).isEmpty();
            }
        } finally {
            simulate.toHandle().destroy();
            simulate.waitFor();
        }
    }

    /// Sends the request of the guide. Returns the id in the response.
    private String deliver() throws IOException, InterruptedException {
        var found = DELIVER.matcher(guide());
        assertThat(found.find()).as("the request in docs/simulator.md").isTrue();
        var response = call(found.group(2), Optional.of(found.group(1)));
        return JsonMapper.shared().readTree(response).path("itemId").asString();
    }
}
