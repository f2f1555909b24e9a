package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import dev.tidemark.benchmarks.server.JettyHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// Process that receives webhooks and counts them with one bare Jetty handler.
final class CountingWebhookServer {
    private CountingWebhookServer() {}

    /// Asks for the counts.
    ///
    /// @param reset true to restart the counts after that
    record Question(boolean reset) {}

    record Ready(int port) {}

    public static void main(String[] arguments) throws IOException {
        var recorder = new WebhookRecorder();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var host = JettyHost.start(recorder::taker, new byte[0])) {
            printLine(new Ready(host.port()));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var question = BenchmarkJsonCodec.read(line, Question.class);
                printLine(recorder.count());
                if (question.reset()) {
                    recorder.reset();
                }
            }
        }
        System.exit(0);
    }

    static void printLine(Object value) {
        System.out.println(BenchmarkJsonCodec.line(value));
        System.out.flush();
    }
}
