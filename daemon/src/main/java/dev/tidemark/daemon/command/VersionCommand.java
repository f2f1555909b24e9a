package dev.tidemark.daemon.command;

import dev.tidemark.daemon.admin.BuildVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tidemark version`.
@Command(name = "version", description = "Prints the version of Tidemark.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(getVersion()[0]);
        spec.commandLine().getOut().flush();
        return ExitCodes.DONE;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"tidemark " + BuildVersion.current() + " (Java " + Runtime.version() + ")"};
    }
}
