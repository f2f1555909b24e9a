package dev.tidemark.daemon.command;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/// Clock and environment variables that commands use.
record CommandEnvironment(Clock clock, Function<String, Optional<String>> variables) {}
