package dev.tidemark.daemon.command;

import dev.tidemark.daemon.admin.BuildVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tidemark version`.
@Command(name = "version", description = "Prints the version of Tidemark.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(new BuildVersion().getVersion()[0]);
        spec.commandLine().getOut().flush();
        return ExitCodes.DONE;
    }
}
