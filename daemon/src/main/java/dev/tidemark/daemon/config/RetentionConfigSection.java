package dev.tidemark.daemon.config;

import java.time.Duration;

/// How long things are kept: delivered events, undelivered ones, dead letters.
public record RetentionConfigSection(Duration delivered, Duration undelivered, Duration deadLetters) {}
