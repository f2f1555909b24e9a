package dev.tidemark.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark demo`.
@Command(
        name = "demo",
        description = "Shows the whole loop on loopback: a simulated Exchange, the daemon, a webhook receiver.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private final Clock clock;

    /// Interval of faults: several within half a minute, but with time to see each recovery.
    private static final long FAULT_EVERY_MS = 1500;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--mailboxes", defaultValue = "3", description = "Number of mailboxes (default: ${DEFAULT-VALUE}).")
    private int mailboxes;

    @Option(names = "--rate", defaultValue = "2", description = "Total mails per second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--duration",
            defaultValue = "0",
            converter = DurationConverter.class,
            description = "Duration of sending, e.g. 30s; 0 until Ctrl-C (default: ${DEFAULT-VALUE}).")
    private Duration duration = Duration.ZERO;

    @Option(names = "--faults", description = "Injects random faults into the simulated Exchange.")
    private boolean faults;

    @Option(names = "--seed", description = "Seed of the random faults; printed with --faults.")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--report", description = "Writes both ledgers to this file, as JSON.")
    private Optional<Path> report = Optional.empty();

    @Option(
            names = "--store",
            description =
                    "store.url of the daemon, for example jdbc:postgresql://localhost/test?user=test&password=test"
                            + " (default: files in a temporary directory).")
    private Optional<String> store = Optional.empty();

    DemoCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (mailboxes < 1 || mailboxes > 10_000 || !(rate > 0 && rate <= 10_000)) {
            throw new ParameterException(
                    spec.commandLine(), "--mailboxes takes 1 to 10000, and --rate more than 0 up to 10000.");
        }
        report.filter(file -> !isWritable(file)).ifPresent(file -> {
            throw new ParameterException(
                    spec.commandLine(),
                    "--report cannot be written to " + file + "; choose a file in a writable folder.");
        });
        var interrupt = new InterruptHandler();
        var code = 1;
        try {
            code = run(interrupt);
        } finally {
            interrupt.finish(code);
        }
        return code;
    }

    /// Returns true if the report can be written. Called before the demonstration, which may take long.
    private static boolean isWritable(Path file) {
        var folder = file.toAbsolutePath().getParent();
        return Files.exists(file)
                ? !Files.isDirectory(file) && Files.isWritable(file)
                : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    }

    private int run(InterruptHandler interrupt) {
        var summary = new DemoSummary(0, 0, 0, 0, 0);
        try (var demonstration = DemoRun.start(mailboxes, store, clock, interrupt, this::print)) {
            demonstration.awaitSubscriptions();
            send(demonstration, interrupt);
            demonstration.awaitDelivery(this::print);
            summary = demonstration.summary();
            write(demonstration, summary);
        }
        print(summary.line());
        return summary.missing() == 0 ? 0 : 1;
    }

    private void send(DemoRun demonstration, InterruptHandler interrupt) {
        var exchange = demonstration.exchange();
        var postman = new MailGenerator(exchange, demonstration.mailboxes(), clock, interrupt);
        try (var timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("mischief").factory())) {
            if (faults) {
                var number = seed.orElseGet(clock::millis);
                print("faults of seed " + number);
                schedule(timer, new FaultInjector(exchange, demonstration.mailboxes(), clock, number));
            }
            postman.deliver(rate, duration);
            timer.shutdownNow();
        }
        exchange.faults().clear();
    }

    private static void schedule(ScheduledExecutorService timer, FaultInjector mischief) {
        var ignored =
                timer.scheduleAtFixedRate(mischief::injectFault, FAULT_EVERY_MS, FAULT_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void write(DemoRun demonstration, DemoSummary summary) {
        report.ifPresent(file -> {
            try {
                Files.writeString(file, demonstration.report(summary));
            } catch (IOException e) {
                throw new DemoCommandException(1, "The report cannot be written to " + file + "; choose another.", e);
            }
        });
    }

    private synchronized void print(String line) {
        var out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
