package dev.tidemark.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;

/// The command line of Tidemark, without what lives in `lib/demo`.
public final class TidemarkMain {
    private static final String LOG_SETTING = "logback.configurationFile";

    private static final String LOG_FRAMES = "TIDEMARK_LOG_FRAMES";

    private TidemarkMain() {}

    public static void main(String[] arguments) {
        useLogSettings();
        if (arguments.length > 0 && arguments[0].equals("run")) {
            var rest = Arrays.copyOfRange(arguments, 1, arguments.length);
            System.exit(runCommandLine(environment(Clock.systemUTC())).execute(rest));
        }
        var commands = commandLine();
        for (var name : new String[] {"demo", "simulate", "listen"}) {
            commands.addSubcommand(name, new DemoOnlyCommand());
        }
        System.exit(commands.execute(arguments));
    }

    /// The command `run` without the others: reading the annotations of all commands takes a third of a start.
    static CommandLine runCommandLine(CommandEnvironment environment) {
        var factory = new CommandFactory(environment);
        return handled(new CommandLine(new RunCommand(environment), factory).setCommandName("tidemark run"));
    }

    /// All commands of the daemon, for whoever adds some to them; errors and exit codes are taken care of.
    public static CommandLine commandLine() {
        return commandLine(Clock.systemUTC());
    }

    static CommandLine commandLine(Clock clock) {
        return commandLine(environment(clock));
    }

    private static CommandEnvironment environment(Clock clock) {
        return new CommandEnvironment(clock, name -> Optional.ofNullable(System.getenv(name)));
    }

    static CommandLine commandLine(CommandEnvironment environment) {
        return handled(new CommandLine(new TidemarkCommand(), new CommandFactory(environment)));
    }

    private static CommandLine handled(CommandLine commands) {
        commands.setExecutionExceptionHandler(new CommandErrorHandler());
        commands.setParameterExceptionHandler(new UsageErrorHandler());
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setUsageHelpAutoWidth(true);
        return commands;
    }

    /// The distribution's `conf/logback.xml` rather than the one inside the jar, so that it can be changed.
    /// To be called before anything logs. Stack traces belong to the level that is for finding mistakes.
    public static void useLogSettings() {
        var home = Optional.ofNullable(System.getProperty("tidemark.home"));
        var file = home.map(folder -> Path.of(folder, "conf", "logback.xml")).filter(Files::isReadable);
        if (file.isPresent() && System.getProperty(LOG_SETTING) == null) {
            System.setProperty(LOG_SETTING, file.get().toString());
        }
        if ("debug".equalsIgnoreCase(System.getenv("TIDEMARK_LOG_LEVEL")) && System.getenv(LOG_FRAMES) == null) {
            System.setProperty(LOG_FRAMES, "100");
        }
    }
}
