package dev.tidemark.daemon;

import java.time.Duration;

/// Reads `compensator`.
record CompensatorReader(Section compensator) {
    CompensatorSettings read() {
        var settings = new CompensatorSettings(
                compensator.get("silence-factor", Kind.decimal(1, 100), 2.0),
                compensator.get("grace", Kind.PAUSE, Duration.ofSeconds(90)),
                compensator.find("silence-after", Kind.DURATION),
                compensator.find("first-callback", Kind.DURATION),
                compensator.get("sweep-interval", Kind.DURATION, Duration.ofSeconds(10)),
                compensator.get("watermark-lifetime", Kind.DURATION, Duration.ofDays(30)),
                compensator.get("resync-margin", Kind.PAUSE, Duration.ofMinutes(15)),
                compensator.get("rate", Kind.whole(1, 10_000), 20),
                compensator.get("cohort", Kind.SWITCH, true));
        fallback(compensator.section("fallback"));
        compensator.end();
        return settings;
    }

    private static void fallback(Section fallback) {
        fallback.defaultNotAvailable("transport", "poll", "none");
        fallback.defaultNotAvailable("after", "3");
        fallback.defaultNotAvailable("delay", "50%");
        fallback.defaultNotAvailable("min-delay", "60s");
        fallback.defaultNotAvailable("max-connections", "3");
        var timeout = fallback.section("connection-timeout");
        timeout.defaultNotAvailable("initial", "15m");
        timeout.defaultNotAvailable("min", "1m");
        timeout.defaultNotAvailable("max", "30m");
        timeout.end();
        fallback.end();
    }
}
