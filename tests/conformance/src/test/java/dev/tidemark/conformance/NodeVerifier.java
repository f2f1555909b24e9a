package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Verifies with the official JavaScript library in Node. Tests are skipped if it is unavailable.
final class NodeVerifier {
    private static final String LIBRARY = "standardwebhooks@1.1.1";
    private static final String SCRIPT = """
            const { Webhook } = require("standardwebhooks");
            const fs = require("fs");
            const calls = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
            for (const call of calls) {
              try {
                new Webhook(call.secret).verify(call.body, call.headers);
                console.log("accepted");
              } catch (e) {
                if (e.constructor.name !== "WebhookVerificationError") throw e;
                console.log("refused");
              }
            }
            """;

    private final Path home;
    private final List<Map<String, Object>> questions = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    private NodeVerifier(Path home) {
        this.home = home;
    }

    /// @throws org.opentest4j.TestAbortedException if Node is missing or the library cannot be downloaded
    static NodeVerifier installed() throws IOException, InterruptedException {
        var home = Path.of(System.getProperty("scratch", "target")).resolve("node");
        Files.createDirectories(home);
        assumeTrue(run(home, 20, "node", "--version").code() == 0, "Node is not installed here");
        if (!Files.exists(home.resolve("node_modules/standardwebhooks/package.json"))) {
            var install = List.of(
                    "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--no-save", "--prefix", ".");
            var command = new ArrayList<>(install);
            command.add(LIBRARY);
            assumeTrue(
                    run(home, 90, command.toArray(String[]::new)).code() == 0, "npm cannot fetch " + LIBRARY + " here");
        }
        Files.writeString(home.resolve("verify.cjs"), SCRIPT);
        return new NodeVerifier(home);
    }

    NodeVerifier expect(boolean accepted, String secret, ReceivedCall call) {
        var question = new LinkedHashMap<String, Object>();
        question.put("secret", secret);
        question.put("headers", call.headers());
        question.put("body", call.body());
        questions.add(question);
        expected.add(accepted ? "accepted" : "refused");
        return this;
    }

    void verify() throws IOException, InterruptedException {
        Files.writeString(home.resolve("calls.json"), PublishedSchemas.json(questions));
        var result = run(home, 60, "node", "verify.cjs", "calls.json");
        assertThat(result.output().lines()).containsExactlyElementsOf(expected);
    }

    private record Result(int code, String output) {}

    private static Result run(Path home, int seconds, String... command) throws InterruptedException {
        try {
            var output = Files.createTempFile(home, "output", ".txt");
            var process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Result(-1, "no answer in " + seconds + " s");
            }
            return new Result(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e));
        }
    }
}
