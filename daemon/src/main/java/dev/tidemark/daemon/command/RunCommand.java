package dev.tidemark.daemon.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tidemark run`: runs the daemon in the foreground until a signal stops it.
@Command(name = "run", description = "Runs the daemon in the foreground.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    RunCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        var line = spec.commandLine();
        return new ForegroundRun(environment, line.getOut(), line.getErr()).execute(config.file());
    }
}
