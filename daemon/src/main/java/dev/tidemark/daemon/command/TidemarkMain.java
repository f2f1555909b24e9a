package dev.tidemark.daemon.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;

/// Main class of Tidemark, without the commands of `lib/demo`. Leaves the use of picocli to [CommandFactory], so that a
/// plain start loads only one of its classes.
public final class TidemarkMain {
    private static final String LOG_SETTING = "logback.configurationFile";

    private static final String LOG_LEVEL = "TIDEMARK_LOG_LEVEL";

    private static final String LOG_FRAMES = "TIDEMARK_LOG_FRAMES";

    private TidemarkMain() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("check")) {
            logWarningsOnly();
        }
        useLogSettings();
        ForegroundRun.plainConfig(arguments).ifPresent(config -> System.exit(run(config)));
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

    private static int run(Path config) {
        var out = new PrintWriter(System.out, true, System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        return run(new ForegroundRun(environment(Clock.systemUTC()), out, err), config, err);
    }

    /// Runs the daemon and reports a failure as the command line does.
    static int run(ForegroundRun run, Path config, PrintWriter err) {
        try {
            return run.execute(config);
        } catch (InterruptedException | RuntimeException failure) {
            return CommandErrorHandler.report(failure, err);
        }
    }

    /// Creates only the command `run`.
    static CommandLine runCommandLine(CommandEnvironment environment) {
        return new CommandFactory(environment).runCommandLine();
    }

    /// Creates the command line with all commands of the daemon, error handling and exit codes. Callers may add
    /// commands.
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
        return new CommandFactory(environment).commandLine();
    }

    /// Logs nothing below WARN, unless the environment sets a level. On a terminal, the lines would appear between
    /// those of a report.
    private static void logWarningsOnly() {
        if (System.getenv(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "WARN");
        }
    }

    /// Uses the distribution's `conf/logback.xml` instead of the file in the jar, so that operators can change
    /// it. The caller calls this method before anything logs. Prints stack traces only at DEBUG.
    public static void useLogSettings() {
        var home = Optional.ofNullable(System.getProperty("tidemark.home"));
        var file = home.map(folder -> Path.of(folder, "conf", "logback.xml")).filter(Files::isReadable);
        if (file.isPresent() && System.getProperty(LOG_SETTING) == null) {
            System.setProperty(LOG_SETTING, file.get().toString());
        }
        if ("debug".equalsIgnoreCase(System.getenv(LOG_LEVEL)) && System.getenv(LOG_FRAMES) == null) {
            System.setProperty(LOG_FRAMES, "100");
        }
    }
}
