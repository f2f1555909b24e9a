package dev.tidemark.daemon.command;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/// Creates command lines and commands for picocli. Passes the environment to every command whose constructor accepts
/// it.
record CommandFactory(CommandEnvironment environment) implements IFactory {
    /// Creates the command line with all commands of the daemon.
    CommandLine commandLine() {
        return withErrorHandlers(new CommandLine(new TidemarkCommand(), this));
    }

    /// Creates only the command `run`, because reading the annotations of all commands slows the start.
    CommandLine runCommandLine() {
        return withErrorHandlers(new CommandLine(new RunCommand(environment), this).setCommandName("tidemark run"));
    }

    private static CommandLine withErrorHandlers(CommandLine commands) {
        commands.setExecutionExceptionHandler(new CommandErrorHandler());
        commands.setParameterExceptionHandler(new UsageErrorHandler());
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setUsageHelpAutoWidth(true);
        return commands;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        try {
            return type.getDeclaredConstructor(CommandEnvironment.class).newInstance(environment);
        } catch (NoSuchMethodException needsNothing) {
            return CommandLine.defaultFactory().create(type);
        }
    }
}
