package dev.tidemark.daemon.config;

import dev.tidemark.compensator.CompensatorConfig;
import dev.tidemark.compensator.CompensatorConfig.Retention;
import dev.tidemark.compensator.FallbackConfig;
import dev.tidemark.compensator.FallbackConfig.Transport;
import dev.tidemark.compensator.PollDelay;
import dev.tidemark.subscriber.config.StreamConfig;
import java.time.Duration;
import java.util.Locale;

/// Reads `compensator`.
record CompensatorReader(ConfigSectionReader compensator) {
    /// Interval between attempts on a failed mailbox. Exchange does not report that access rights are back.
    private static final Duration FAILED_RECHECK = Duration.ofHours(6);

    private static final ValueConverter<Transport> TRANSPORT = new ValueConverter<>(
            CompensatorReader::transport, transport -> transport.name().toLowerCase(Locale.ROOT));

    private static final PollDelay.ConfiguredDelay HALF = new PollDelay.ConfiguredDelay.Percent(50);

    /// Settings of `compensator`. The subscriber and the store use `resyncMargin`.
    record Repairs(CompensatorConfig compensator, Duration resyncMargin) {}

    /// Reads the keys in the order in which `tidemark config` prints them.
    ///
    /// @param retention settings from `store`
    Repairs read(Retention retention) {
        var silenceFactor = compensator.get("silence-factor", ValueConverter.decimal(1, 100), 2.0);
        var grace = compensator.get("grace", ValueConverter.DURATION_OR_ZERO, Duration.ofSeconds(90));
        var silenceAfter = compensator.find("silence-after", ValueConverter.DURATION);
        var firstCallback = compensator.find("first-callback", ValueConverter.DURATION);
        var sweepInterval = compensator.get("sweep-interval", ValueConverter.DURATION, Duration.ofSeconds(10));
        var lifetime = compensator.get("watermark-lifetime", ValueConverter.DURATION, Duration.ofDays(30));
        var resyncMargin = compensator.get("resync-margin", ValueConverter.DURATION_OR_ZERO, Duration.ofMinutes(15));
        var config = new CompensatorConfig(
                silenceFactor,
                grace,
                silenceAfter,
                firstCallback,
                sweepInterval,
                lifetime,
                compensator.get("rate", ValueConverter.wholeNumber(1, 10_000), 20),
                FAILED_RECHECK,
                compensator.get("cohort", ValueConverter.BOOLEAN, true),
                retention,
                fallback(compensator.section("fallback")));
        compensator.finish();
        return new Repairs(config, resyncMargin);
    }

    private static FallbackConfig fallback(ConfigSectionReader fallback) {
        var config = new FallbackConfig(
                fallback.get("after", ValueConverter.wholeNumber(1, 1_000), 3),
                fallback.get("transport", TRANSPORT, Transport.POLL),
                new PollDelay(
                        fallback.get("delay", ValueConverter.POLL_DELAY, HALF),
                        fallback.get("min-delay", ValueConverter.MIN_POLL_DELAY, Duration.ofSeconds(60))),
                streaming(fallback));
        fallback.finish();
        return config;
    }

    private static StreamConfig streaming(ConfigSectionReader fallback) {
        var timeout = fallback.section("connection-timeout");
        var defaults = StreamConfig.DEFAULT;
        var initial = timeout.get("initial", ValueConverter.STREAM_MINUTES, defaults.initial());
        var min = timeout.get("min", ValueConverter.STREAM_MINUTES, defaults.min());
        var max = timeout.get("max", ValueConverter.STREAM_MINUTES, defaults.max());
        var maxConnections =
                fallback.get("max-connections", ValueConverter.wholeNumber(1, 100), defaults.maxConnections());
        timeout.finish();
        if (min.compareTo(initial) > 0 || initial.compareTo(max) > 0) {
            timeout.addFault(timeout.mark(), timeout.path() + ": write initial between min and max");
            return defaults;
        }
        return new StreamConfig(initial, min, max, maxConnections);
    }

    private static Transport transport(String text) throws BadValueException {
        return switch (text) {
            case "none" -> Transport.NONE;
            case "poll" -> Transport.POLL;
            case "streaming" -> Transport.STREAMING;
            default -> throw new BadValueException("'" + text + "' is not known; write one of none, poll, streaming");
        };
    }
}
