package dev.tidemark.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Starts the daemon again and again on a store with live mailboxes.
final class StartBench {
    private final Path daemon;
    private final Path scratch;
    private final Path kept;
    private final Clock clock;
    private final Consumer<String> progress;

    StartBench(Path daemon, Path scratch, Path kept, Clock clock, Consumer<String> progress) {
        this.daemon = daemon;
        this.scratch = scratch;
        this.kept = kept;
        this.clock = clock;
        this.progress = progress;
    }

    StartReport run(List<Integer> populations, int rounds) throws IOException {
        var rows = new ArrayList<StartReport.Row>();
        for (var mailboxes : populations) {
            progress.accept("A store with " + mailboxes + " mailboxes ...");
            var folder = folder(mailboxes);
            var starts = new ArrayList<StartedDaemon.Start>();
            for (var round = 0; round < rounds; round++) {
                try (var started = StartedDaemon.start(daemon, folder)) {
                    starts.add(started.measure());
                }
            }
            rows.add(StartReport.Row.of(mailboxes, starts));
        }
        return new StartReport(clock.instant(), Machine.here(scratch), List.copyOf(rows));
    }

    private Path folder(int mailboxes) throws IOException {
        var folder = scratch.resolve("mailboxes-" + mailboxes);
        LiveMailboxes.into(folder, mailboxes, kept, clock);
        Files.writeString(folder.resolve("tidemark.yaml"), configuration());
        Files.writeString(
                folder.resolve("mailboxes.txt"),
                IntStream.range(0, mailboxes)
                        .mapToObj(number -> LiveMailboxes.address(number).value() + "\n")
                        .collect(Collectors.joining()));
        return folder;
    }

    private static String configuration() {
        return """
                instance: bench
                connections:
                  nobody: { url: "%s", auth: { type: none }, impersonation: true }
                listener: { bind: "127.0.0.1:0", public-url: "%s" }
                subscriptions:
                  - name: %s
                    connection: nobody
                    mailboxes-file: mailboxes.txt
                    folders: [ inbox ]
                    events: [ NewMail ]
                    status-frequency: 1440m
                    forward-to: [ ]
                sinks: { }
                store: { url: "jdbc:h2:file:./tidemark", username: sa, password: "", min-free: 0B }
                # however long ago the store was made
                compensator: { silence-after: 3650d, watermark-lifetime: 3650d }
                admin: { bind: "127.0.0.1:0" }
                """.formatted(LiveMailboxes.EXCHANGE, LiveMailboxes.PUBLIC, LiveMailboxes.GROUP);
    }
}
