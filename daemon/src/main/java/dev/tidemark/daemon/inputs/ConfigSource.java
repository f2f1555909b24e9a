package dev.tidemark.daemon.inputs;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// Place from which a configuration was read, so that a reload can read it again.
public record ConfigSource(Path file, Function<String, Optional<String>> environment) {}
