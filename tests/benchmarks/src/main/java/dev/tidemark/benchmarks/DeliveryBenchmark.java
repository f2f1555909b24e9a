package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.DeliveryBenchmarkConfig.Part;
import dev.tidemark.benchmarks.DeliveryBenchmarkConfig.Workspace;
import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.benchmarks.server.JsonLineProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Runs all measurements of deliveries: the senders in turn, a healthy sink beside failing ones, and a long
/// backlog.
final class DeliveryBenchmark {
    private static final int PHASES = 3;

    private final DeliveryBenchmarkConfig plan;
    private final Workspace workspace;
    private final Clock clock;
    private final Consumer<String> progress;

    DeliveryBenchmark(DeliveryBenchmarkConfig plan, Workspace workspace, Clock clock, Consumer<String> progress) {
        this.plan = plan;
        this.workspace = workspace;
        this.clock = clock;
        this.progress = progress;
    }

    DeliveryReport run() throws IOException {
        var machine = MachineInfo.here(workspace.scratch());
        var disk = DiskProbe.in(workspace.scratch(), plan.round().dividedBy(4));
        var comparison = new SenderComparison(plan, this::process, progress);
        comparison.run();
        return new DeliveryReport(
                clock.instant(),
                machine,
                disk,
                workspace.jvmOptions(),
                comparison.rows(),
                comparison.ratios(),
                plan.parts().contains(Part.NEIGHBOURS) ? Optional.of(neighbours()) : Optional.empty(),
                plan.parts().contains(Part.CLOSING) ? Optional.of(closing()) : Optional.empty(),
                plan.parts().contains(Part.BACKLOG) ? Optional.of(backlog()) : Optional.empty(),
                comparison.proofs());
    }

    /// Creates the missing journals for a run.
    void prepare() throws IOException {
        progress.accept("Making what is not kept yet: journals of %d and %d events ..."
                .formatted(plan.events(), plan.behind()));
        JournalFixture.make(plan.mailboxes(), plan.events(), workspace.kept(), clock);
        if (plan.parts().contains(Part.BACKLOG)) {
            JournalFixture.make(plan.mailboxes(), plan.behind(), workspace.kept(), clock);
        }
    }

    private SinkIsolationBenchmark.Measurement neighbours() throws IOException {
        progress.accept("A healthy sink, alone and among sick ones ...");
        var run = List.of(
                folder("neighbours").toString(),
                Integer.toString(plan.mailboxes()),
                workspace.kept().toString(),
                "200",
                Double.toString(plan.phase().toMillis() / 1e3),
                Integer.toString(PHASES));
        try (var process = process("neighbours", SinkIsolationBenchmark.class, List.of(), run)) {
            return process.read(SinkIsolationBenchmark.Measurement.class);
        }
    }

    private ClosingRun.Measurement closing() throws IOException {
        progress.accept("Servers that close kept connections ...");
        var run = List.of(
                folder("closing").toString(),
                Integer.toString(plan.mailboxes()),
                workspace.kept().toString(),
                "30",
                Double.toString(plan.phase().toMillis() / 1e3));
        try (var process = process("closing", ClosingRun.class, List.of(), run)) {
            return process.read(ClosingRun.Measurement.class);
        }
    }

    private BacklogBenchmark.Measurement backlog() throws IOException {
        progress.accept("Catching up on " + plan.behind() + " events ...");
        try (var hook = process("backlog-hook", CountingWebhookServer.class, List.of(), List.of())) {
            var run = List.of(
                    folder("backlog").toString(),
                    Integer.toString(plan.mailboxes()),
                    Integer.toString(plan.behind()),
                    workspace.kept().toString(),
                    SenderComparison.hook(hook),
                    Integer.toString(plan.connections()),
                    Integer.toString(plan.batch()));
            try (var process = process("backlog", BacklogBenchmark.class, List.of("-Xmx" + plan.heap()), run)) {
                var found = process.read(BacklogBenchmark.Measurement.class);
                var count = hook.request(new CountingWebhookServer.Question(false), WebhookRecorder.Count.class);
                return new BacklogBenchmark.Measurement(
                        found.events(),
                        count.distinct() == count.events() ? count.distinct() : -1,
                        found.seconds(),
                        found.heapMiB(),
                        found.samples());
            }
        }
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(workspace.scratch().resolve(name));
    }

    private JsonLineProcess process(String name, Class<?> main, List<String> options, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        var folder = folder(name);
        workspace.jvmOptions().forEach(option -> command.add(option.replace("%FOLDER%", folder.toString())));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main.getName()));
        arguments.forEach(argument -> command.add(argument.replace("%FOLDER%", folder.toString())
                .replace("%KEPT%", workspace.kept().toString())));
        return JsonLineProcess.start(command, folder.resolve("log"));
    }

    /// Starts a process from its main class, its name and its arguments.
    interface Starter {
        JsonLineProcess start(String name, Class<?> main, List<String> options, List<String> arguments)
                throws IOException;
    }
}
