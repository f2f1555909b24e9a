package dev.tidemark.daemon.config;

import dev.tidemark.compensator.FallbackConfig;
import java.time.Duration;
import java.util.Optional;

/// When a mailbox counts as silent, and how fast what is lost is repaired; `rate` is a second.
public record CompensatorConfigSection(
        double silenceFactor,
        Duration grace,
        Optional<Duration> silenceAfter,
        Optional<Duration> firstCallback,
        Duration sweepInterval,
        Duration watermarkLifetime,
        Duration resyncMargin,
        int rate,
        boolean cohort,
        FallbackConfig fallback) {}
