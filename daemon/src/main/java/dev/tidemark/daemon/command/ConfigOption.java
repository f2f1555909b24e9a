package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.TidemarkConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Option `--config`, shared by the commands that read the configuration.
final class ConfigOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration (default: ${DEFAULT-VALUE}).",
            defaultValue = "conf/tidemark.yaml")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path file;

    Path file() {
        return file;
    }

    /// @throws ConfigException with every fault in the file
    TidemarkConfig read(CommandEnvironment environment) {
        return TidemarkConfig.read(file, environment.variables());
    }
}
