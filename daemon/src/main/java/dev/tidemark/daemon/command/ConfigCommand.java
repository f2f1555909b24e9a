package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tidemark config`.
@Command(
        name = "config",
        description = "Prints the effective configuration, defaults filled in, secrets redacted.",
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    ConfigCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        out.print(YamlJsonCodec.toYaml(config.read(environment).effective()));
        out.flush();
        return ExitCodes.DONE;
    }
}
