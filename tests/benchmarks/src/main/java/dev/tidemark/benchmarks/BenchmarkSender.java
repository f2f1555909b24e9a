package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.load.BenchmarkException;
import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import dev.tidemark.benchmarks.server.JournalFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;

/// Takes the events of a filled journal to a webhook, inside a process of its own.
interface BenchmarkSender extends AutoCloseable {
    /// What to do in one round: from the journal's beginning, for so long or to its end.
    ///
    /// @param batch events in a request
    record Round(int batch, long millis) {}

    /// What was done.
    ///
    /// @param events that the receiver took until then
    /// @param all events that it had taken when everything under way was answered
    /// @param moved how many events the saved position is on, of those that save one; else the same as `all`
    record Done(long events, double seconds, long all, long moved) {}

    /// What all of them are told.
    ///
    /// @param mailboxes whose events are in the journal
    /// @param events in the journal
    /// @param connections requests at a time
    record Setting(Path folder, int mailboxes, int events, Path kept, URI hook, int connections) {}

    Done run(Round round);

    @Override
    void close();

    /// The process: arguments are which one to be and the setting.
    final class Main {
        private Main() {}

        public static void main(String[] arguments) throws IOException {
            var setting = new Setting(
                    Path.of(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Path.of(arguments[4]),
                    URI.create(arguments[5]),
                    Integer.parseInt(arguments[6]));
            JournalFixture.into(
                    setting.folder(), setting.mailboxes(), setting.events(), setting.kept(), Clock.systemUTC());
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            try (var sender = open(arguments[0], setting)) {
                CountingWebhookServer.say(new CountingWebhookServer.Ready(0));
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    CountingWebhookServer.say(sender.run(BenchmarkJsonCodec.read(line, Round.class)));
                }
            }
            System.exit(0);
        }

        private static BenchmarkSender open(String name, Setting setting) {
            return switch (name) {
                case "bare" -> new BareSender(setting);
                case "tidemark" -> new TidemarkSender(setting, Clock.systemUTC());
                default -> throw new BenchmarkException("This process cannot be " + name);
            };
        }
    }
}
