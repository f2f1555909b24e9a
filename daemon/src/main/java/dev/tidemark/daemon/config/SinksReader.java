package dev.tidemark.daemon.config;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.event.EventTypeCatalog;
import dev.tidemark.forwarder.targets.SinkTargetConfig;
import dev.tidemark.store.model.SinkName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads `sinks`.
record SinksReader(ConfigSectionReader root, Path folder) {
    /// Limit of a timeout for a clean stop. A longer request may still be in flight at the end of a stop; it is
    /// then sent twice.
    private static final Duration MAX_CLEAN_TIMEOUT = Duration.ofSeconds(20);

    Map<String, ParsedSection<SinkConfig>> read() {
        var result = new LinkedHashMap<String, ParsedSection<SinkConfig>>();
        root.namedSections("sinks").forEach((name, section) -> result.put(name, sink(name, section)));
        return result;
    }

    private ParsedSection<SinkConfig> sink(String name, ConfigSectionReader section) {
        var sink = sink(name, section, new SinkTargetReader(section, folder).read());
        section.finish();
        patterns(section);
        if (section.isEmptyList("retry")) {
            section.addWarning(
                    section.mark("retry"),
                    section.dotted("retry") + " is empty: an event that is refused once is a dead letter; write waits"
                            + " such as [ 5s, 5m ], or leave it out for four days of tries");
        }
        if (sink.target().timeout().compareTo(MAX_CLEAN_TIMEOUT) > 0) {
            section.addWarning(
                    section.mark("timeout"),
                    section.dotted("timeout") + " is above 20s: a stop may then repeat a delivery; write 20s or less");
        }
        return new ParsedSection<>(sink, section);
    }

    private static void patterns(ConfigSectionReader section) {
        for (var pattern : section.listWithLocations("events", ValueConverter.TEXT)) {
            if (!EventTypeCatalog.matchesAnyForSinks(pattern.value())) {
                section.addWarning(
                        pattern.mark(),
                        section.dotted("events") + ": '" + pattern.value()
                                + "' matches no type of event; the nearest that does is "
                                + EventTypePatternParser.nearest(pattern.value()));
            }
        }
    }

    private static SinkConfig sink(String name, ConfigSectionReader section, SinkTargetConfig target) {
        return new SinkConfig(
                new SinkName(name),
                target,
                ordering(section.get("ordering", ValueConverter.oneOf("mailbox", "none"), "mailbox")),
                pace(section),
                new RetryConfig(
                        section.list("retry", ValueConverter.DURATION, RetryConfig.DEFAULT.schedule()),
                        section.get("patience", ValueConverter.DURATION_OR_ZERO, RetryConfig.DEFAULT.patience()),
                        section.get("disable-after", ValueConverter.DURATION, RetryConfig.DEFAULT.disableAfter())),
                section.list("events", ValueConverter.TEXT, List.of()));
    }

    private static ThroughputConfig pace(ConfigSectionReader section) {
        var batch = section.section("batch");
        var pace = new ThroughputConfig(
                section.get("concurrency", ValueConverter.wholeNumber(1, 1000), ThroughputConfig.DEFAULT.concurrency()),
                batch.get("max", ValueConverter.wholeNumber(1, 1000), ThroughputConfig.DEFAULT.batch()),
                batch.get("linger", ValueConverter.DURATION_OR_ZERO, ThroughputConfig.DEFAULT.linger()),
                section.get(
                        "rate-limit", ValueConverter.wholeNumber(0, 1_000_000), ThroughputConfig.DEFAULT.rateLimit()));
        batch.finish();
        return pace;
    }

    private static DeliveryOrdering ordering(String text) {
        return text.equals("none") ? DeliveryOrdering.NONE : DeliveryOrdering.MAILBOX;
    }
}
