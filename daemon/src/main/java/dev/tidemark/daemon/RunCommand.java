package dev.tidemark.daemon;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tidemark run`: the daemon, in the foreground, until it is told to end.
@Command(name = "run", description = "Runs the daemon in the foreground.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Environment environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    RunCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        var read = config.read(environment);
        var err = spec.commandLine().getErr();
        read.warnings().forEach(warning -> err.println(warning.text()));
        err.flush();
        var run = new Run();
        var onTermination = Signals.onTermination(run::stop);
        try {
            return untilItEnds(run, read);
        } catch (StoppedException wanted) {
            return ExitCodes.DONE;
        } catch (RuntimeException failed) {
            onTermination.forget();
            throw failed;
        }
    }

    private int untilItEnds(Run run, TidemarkConfig read) throws InterruptedException {
        var daemon = run.start(read, Clocks.steady(environment.clock()));
        if (daemon.awaitReady() && !run.stopping()) {
            var out = spec.commandLine().getOut();
            out.println("tidemark ready listener=" + daemon.listenerAddress() + " admin=" + daemon.adminAddress());
            out.flush();
        }
        daemon.awaitEnd();
        return ExitCodes.DONE;
    }
}
