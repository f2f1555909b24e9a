package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.benchmarks.server.JsonLineProcess;
import dev.tidemark.benchmarks.DeliveryBenchmarkConfig.Part;
import dev.tidemark.benchmarks.DeliveryBenchmarkConfig.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One run of deliveries: the senders in turns, then a healthy sink among sick ones, then a long backlog.
final class DeliveryBenchmark {
    private static final int PHASES = 3;

    private final DeliveryBenchmarkConfig plan;
    private final Workspace yard;
    private final Clock clock;
    private final Consumer<String> progress;

    DeliveryBenchmark(DeliveryBenchmarkConfig plan, Workspace yard, Clock clock, Consumer<String> progress) {
        this.plan = plan;
        this.yard = yard;
        this.clock = clock;
        this.progress = progress;
    }

    DeliveryReport run() throws IOException {
        var machine = MachineInfo.here(yard.scratch());
        var disk = DiskProbe.in(yard.scratch(), plan.round().dividedBy(4));
        var race = new SenderComparison(plan, this::process, progress);
        race.run();
        return new DeliveryReport(
                clock.instant(),
                machine,
                disk,
                yard.jvmOptions(),
                race.rows(),
                race.ratios(),
                plan.parts().contains(Part.NEIGHBOURS) ? Optional.of(neighbours()) : Optional.empty(),
                plan.parts().contains(Part.CLOSING) ? Optional.of(closing()) : Optional.empty(),
                plan.parts().contains(Part.BACKLOG) ? Optional.of(backlog()) : Optional.empty(),
                race.proofs());
    }

    /// Makes the journals that a run needs and that are not kept yet.
    void prepare() throws IOException {
        progress.accept("Making what is not kept yet: journals of %d and %d events ..."
                .formatted(plan.events(), plan.behind()));
        JournalFixture.make(plan.mailboxes(), plan.events(), yard.kept(), clock);
        if (plan.parts().contains(Part.BACKLOG)) {
            JournalFixture.make(plan.mailboxes(), plan.behind(), yard.kept(), clock);
        }
    }

    private SinkIsolationBenchmark.Found neighbours() throws IOException {
        progress.accept("A healthy sink, alone and among sick ones ...");
        var run = List.of(
                folder("neighbours").toString(),
                Integer.toString(plan.mailboxes()),
                yard.kept().toString(),
                "200",
                Double.toString(plan.phase().toMillis() / 1e3),
                Integer.toString(PHASES));
        try (var process = process("neighbours", SinkIsolationBenchmark.class, List.of(), run)) {
            return process.hear(SinkIsolationBenchmark.Found.class);
        }
    }

    private ClosingRun.Found closing() throws IOException {
        progress.accept("Servers that close kept connections ...");
        var run = List.of(
                folder("closing").toString(),
                Integer.toString(plan.mailboxes()),
                yard.kept().toString(),
                "30",
                Double.toString(plan.phase().toMillis() / 1e3));
        try (var process = process("closing", ClosingRun.class, List.of(), run)) {
            return process.hear(ClosingRun.Found.class);
        }
    }

    private BacklogBenchmark.Found backlog() throws IOException {
        progress.accept("Catching up on " + plan.behind() + " events ...");
        try (var hook = process("backlog-hook", CountingWebhookServer.class, List.of(), List.of())) {
            var run = List.of(
                    folder("backlog").toString(),
                    Integer.toString(plan.mailboxes()),
                    Integer.toString(plan.behind()),
                    yard.kept().toString(),
                    SenderComparison.hook(hook),
                    Integer.toString(plan.connections()),
                    Integer.toString(plan.batch()));
            try (var process = process("backlog", BacklogBenchmark.class, List.of("-Xmx" + plan.heap()), run)) {
                var found = process.hear(BacklogBenchmark.Found.class);
                var count = hook.ask(new CountingWebhookServer.Question(false), WebhookRecorder.Count.class);
                return new BacklogBenchmark.Found(
                        found.events(),
                        count.distinct() == count.events() ? count.distinct() : -1,
                        found.seconds(),
                        found.heapMiB(),
                        found.samples());
            }
        }
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(yard.scratch().resolve(name));
    }

    private JsonLineProcess process(String name, Class<?> main, List<String> options, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        var folder = folder(name);
        yard.jvmOptions().forEach(option -> command.add(option.replace("%FOLDER%", folder.toString())));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main.getName()));
        arguments.forEach(argument -> command.add(argument.replace("%FOLDER%", folder.toString())
                .replace("%KEPT%", yard.kept().toString())));
        return JsonLineProcess.with(command, folder.resolve("log"));
    }

    /// Starts a process by the class that it is, its name and its arguments.
    interface Starter {
        JsonLineProcess start(String name, Class<?> main, List<String> options, List<String> arguments)
                throws IOException;
    }
}
