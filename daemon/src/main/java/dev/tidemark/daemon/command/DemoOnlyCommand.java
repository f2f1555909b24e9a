package dev.tidemark.daemon.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Placeholder for a command of `lib/demo` if that folder is not on the class path. Always fails with a remedy.
@Command(description = "In lib/demo of the distribution; start it with bin/tidemark.")
final class DemoOnlyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(hidden = true, arity = "0..*")
    @SuppressWarnings("UnusedVariable") // by picocli
    private List<String> ignored = List.of();

    @Override
    public Integer call() {
        throw new CommandException(
                ExitCodes.UNREACHABLE,
                "'" + spec.name() + "' lives in lib/demo of the distribution, which is not on this class path; start"
                        + " 'bin/tidemark " + spec.name() + "'.");
    }
}
