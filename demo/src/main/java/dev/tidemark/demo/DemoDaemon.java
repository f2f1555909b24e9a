package dev.tidemark.demo;

import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/// Starts the real daemon in this process from a configuration file, as `run` does.
final class DemoDaemon {
    private DemoDaemon() {}

    static TidemarkDaemon start(Path configuration, Clock clock) {
        try {
            var config = TidemarkConfig.read(configuration, name -> Optional.ofNullable(System.getenv(name)));
            return TidemarkDaemon.start(config, clock);
        } catch (ConfigException e) {
            throw new DemoCommandException(1, "The demonstration's configuration is invalid: " + e.getMessage(), e);
        }
    }
}
