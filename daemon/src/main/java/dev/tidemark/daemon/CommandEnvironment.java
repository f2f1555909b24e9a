package dev.tidemark.daemon;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/// What commands know of the world around them: the time, and the variables of their process.
record CommandEnvironment(Clock clock, Function<String, Optional<String>> variables) {}
