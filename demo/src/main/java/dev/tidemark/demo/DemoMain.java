package dev.tidemark.demo;

import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;

/// Main class of Tidemark with the commands of `lib/demo`: demo, simulate, listen.
final class DemoMain {
    private static final String LOG_LEVEL = "TIDEMARK_LOG_LEVEL";

    private DemoMain() {}

    public static void main(String[] arguments) {
        limitLogToWarnings();
        dev.tidemark.daemon.command.TidemarkMain.useLogSettings();
        System.exit(commandLine().execute(arguments));
    }

    /// Creates the command line with all commands.
    static CommandLine commandLine() {
        var clock = Clock.systemUTC();
        var commands = dev.tidemark.daemon.command.TidemarkMain.commandLine();
        commands.addSubcommand(new DemoCommand(clock));
        commands.addSubcommand(new SimulateCommand(clock));
        commands.addSubcommand(new ListenCommand(clock));
        commands.setExecutionExceptionHandler(inOneSentence(commands.getExecutionExceptionHandler()));
        commands.setUsageHelpAutoWidth(true);
        return commands;
    }

    private static IExecutionExceptionHandler inOneSentence(IExecutionExceptionHandler others) {
        return (failure, command, parsed) -> {
            if (!(failure instanceof DemoCommandException ours)) {
                return others.handleExecutionException(failure, command, parsed);
            }
            command.getErr().println("tidemark: " + ours.getMessage());
            return ours.exitCode();
        };
    }

    /// Limits the log to warnings, because log lines would hide the output of these commands.
    private static void limitLogToWarnings() {
        if (System.getenv(LOG_LEVEL) == null && System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "WARN");
        }
    }
}
