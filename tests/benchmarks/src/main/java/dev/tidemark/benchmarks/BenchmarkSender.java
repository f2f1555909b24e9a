package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkException;
import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import dev.tidemark.benchmarks.server.JournalFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;

/// Delivers the events of a filled journal to a webhook, in a separate process.
interface BenchmarkSender extends AutoCloseable {
    /// Task of one round: deliver from the journal's start until the time is over or the journal ends.
    ///
    /// @param batch events per request
    record Round(int batch, long millis) {}

    /// Result of one round.
    ///
    /// @param events number of events that the receiver accepted in time
    /// @param all number of accepted events after all requests in flight ended
    /// @param moved distance that the saved position moved; the same as `all` for a sender without positions
    record Done(long events, double seconds, long all, long moved) {}

    /// Settings that all senders share.
    ///
    /// @param mailboxes number of mailboxes with events in the journal
    /// @param events number of events in the journal
    /// @param connections number of concurrent requests
    record Setting(Path folder, int mailboxes, int events, Path kept, URI hook, int connections) {}

    Done run(Round round);

    @Override
    void close();

    /// Runs a sender as a process. Arguments are its name and the settings.
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
            JournalFixture.prepare(
                    setting.folder(), setting.mailboxes(), setting.events(), setting.kept(), Clock.systemUTC());
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            try (var sender = open(arguments[0], setting)) {
                CountingWebhookServer.printLine(new CountingWebhookServer.Ready(0));
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    CountingWebhookServer.printLine(sender.run(BenchmarkJsonCodec.read(line, Round.class)));
                }
            }
            System.exit(0);
        }

        private static BenchmarkSender open(String name, Setting setting) {
            return switch (name) {
                case "bare" -> new BareSender(setting);
                case "tidemark" -> new TidemarkSender(setting, Clock.systemUTC());
                default -> throw new BenchmarkException("Unknown sender: " + name);
            };
        }
    }
}
