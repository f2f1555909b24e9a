package dev.tidemark.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine;

/// The command line of Tidemark, without what lives in `lib/demo`.
public final class Main {
    private static final String LOG_SETTING = "logback.configurationFile";

    private static final String LOG_FRAMES = "TIDEMARK_LOG_FRAMES";

    private Main() {}

    public static void main(String[] arguments) {
        useLogSettings();
        var commands = commandLine();
        for (var name : new String[] {"demo", "simulate", "listen"}) {
            commands.addSubcommand(name, new ElsewhereCommand());
        }
        System.exit(commands.execute(arguments));
    }

    /// All commands of the daemon, for whoever adds some to them; errors and exit codes are taken care of.
    public static CommandLine commandLine() {
        return commandLine(Clock.systemUTC());
    }

    static CommandLine commandLine(Clock clock) {
        var environment = new Environment(clock, name -> Optional.ofNullable(System.getenv(name)));
        return commandLine(environment);
    }

    static CommandLine commandLine(Environment environment) {
        var commands = new CommandLine(new TidemarkCommand(), new CommandFactory(environment));
        commands.setExecutionExceptionHandler(new ErrorReport());
        commands.setParameterExceptionHandler(new UsageReport());
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
