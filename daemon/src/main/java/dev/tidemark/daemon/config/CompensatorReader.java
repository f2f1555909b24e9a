package dev.tidemark.daemon.config;

import dev.tidemark.compensator.FallbackConfig;
import dev.tidemark.compensator.FallbackConfig.Transport;
import dev.tidemark.compensator.PollDelay;
import dev.tidemark.subscriber.streaming.StreamConfig;
import java.time.Duration;
import java.util.Locale;

/// Reads `compensator`.
record CompensatorReader(ConfigSectionReader compensator) {
    private static final ValueConverter<Transport> TRANSPORT = new ValueConverter<>(
            CompensatorReader::transport, transport -> transport.name().toLowerCase(Locale.ROOT));

    private static final PollDelay.ConfiguredDelay HALF = new PollDelay.ConfiguredDelay.Percent(50);

    CompensatorConfigSection read() {
        var settings = new CompensatorConfigSection(
                compensator.get("silence-factor", ValueConverter.decimal(1, 100), 2.0),
                compensator.get("grace", ValueConverter.PAUSE, Duration.ofSeconds(90)),
                compensator.find("silence-after", ValueConverter.DURATION),
                compensator.find("first-callback", ValueConverter.DURATION),
                compensator.get("sweep-interval", ValueConverter.DURATION, Duration.ofSeconds(10)),
                compensator.get("watermark-lifetime", ValueConverter.DURATION, Duration.ofDays(30)),
                compensator.get("resync-margin", ValueConverter.PAUSE, Duration.ofMinutes(15)),
                compensator.get("rate", ValueConverter.whole(1, 10_000), 20),
                compensator.get("cohort", ValueConverter.SWITCH, true),
                fallback(compensator.section("fallback")));
        compensator.end();
        return settings;
    }

    private static FallbackConfig fallback(ConfigSectionReader fallback) {
        var config = new FallbackConfig(
                fallback.get("after", ValueConverter.whole(1, 1_000), 3),
                fallback.get("transport", TRANSPORT, Transport.POLL),
                new PollDelay(
                        fallback.get("delay", ValueConverter.POLL_DELAY, HALF),
                        fallback.get("min-delay", ValueConverter.LEAST_POLL_DELAY, Duration.ofSeconds(60))),
                streaming(fallback));
        fallback.end();
        return config;
    }

    private static StreamConfig streaming(ConfigSectionReader fallback) {
        var timeout = fallback.section("connection-timeout");
        var usual = StreamConfig.DEFAULT;
        var initial = timeout.get("initial", ValueConverter.STREAM_MINUTES, usual.initial());
        var min = timeout.get("min", ValueConverter.STREAM_MINUTES, usual.min());
        var max = timeout.get("max", ValueConverter.STREAM_MINUTES, usual.max());
        var most = fallback.get("max-connections", ValueConverter.whole(1, 100), usual.maxConnections());
        timeout.end();
        if (min.compareTo(initial) > 0 || initial.compareTo(max) > 0) {
            timeout.mistake(timeout.mark(), timeout.path() + ": write initial between min and max");
            return usual;
        }
        return new StreamConfig(initial, min, max, most);
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
