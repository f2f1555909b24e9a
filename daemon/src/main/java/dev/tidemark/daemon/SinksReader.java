package dev.tidemark.daemon;

import dev.tidemark.forwarder.KnownTypes;
import dev.tidemark.forwarder.Ordering;
import dev.tidemark.forwarder.PaceConfig;
import dev.tidemark.forwarder.RetryConfig;
import dev.tidemark.forwarder.SinkConfig;
import dev.tidemark.forwarder.TargetConfig;
import dev.tidemark.watermark.SinkName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads `sinks`.
record SinksReader(Section root) {
    /// Beyond it a clean stop may leave a request under way, which is then sent twice.
    private static final Duration LONGEST_CLEAN_TIMEOUT = Duration.ofSeconds(20);

    Map<String, Sectioned<SinkConfig>> read() {
        var result = new LinkedHashMap<String, Sectioned<SinkConfig>>();
        root.named("sinks").forEach((name, section) -> result.put(name, sink(name, section)));
        return result;
    }

    private static Sectioned<SinkConfig> sink(String name, Section section) {
        var sink = sink(name, section, new TargetReader(section).read());
        section.end();
        patterns(section);
        if (section.isEmptyList("retry")) {
            section.risk(
                    section.mark("retry"),
                    section.dotted("retry") + " is empty: an event that is refused once is a dead letter; write waits"
                            + " such as [ 5s, 5m ], or leave it out for four days of tries");
        }
        if (sink.target().timeout().compareTo(LONGEST_CLEAN_TIMEOUT) > 0) {
            section.risk(
                    section.mark("timeout"),
                    section.dotted("timeout") + " is above 20s: a stop may then repeat a delivery; write 20s or less");
        }
        return new Sectioned<>(sink, section);
    }

    private static void patterns(Section section) {
        for (var pattern : section.placed("events", Kind.TEXT)) {
            if (!KnownTypes.match(pattern.value())) {
                section.risk(
                        pattern.mark(),
                        section.dotted("events") + ": '" + pattern.value()
                                + "' matches no type of event; the nearest that does is "
                                + EventTypes.nearest(pattern.value()));
            }
        }
    }

    private static SinkConfig sink(String name, Section section, TargetConfig target) {
        return new SinkConfig(
                new SinkName(name),
                target,
                ordering(section.get("ordering", Kind.oneOf("mailbox", "none"), "mailbox")),
                pace(section),
                new RetryConfig(
                        section.list("retry", Kind.DURATION, RetryConfig.DEFAULT.schedule()),
                        section.get("patience", Kind.PAUSE, RetryConfig.DEFAULT.patience()),
                        section.get("disable-after", Kind.DURATION, RetryConfig.DEFAULT.disableAfter())),
                section.list("events", Kind.TEXT, List.of()));
    }

    private static PaceConfig pace(Section section) {
        var batch = section.section("batch");
        var pace = new PaceConfig(
                section.get("concurrency", Kind.whole(1, 1000), PaceConfig.DEFAULT.concurrency()),
                batch.get("max", Kind.whole(1, 1000), PaceConfig.DEFAULT.batch()),
                batch.get("linger", Kind.PAUSE, PaceConfig.DEFAULT.linger()),
                section.get("rate-limit", Kind.whole(0, 1_000_000), PaceConfig.DEFAULT.rateLimit()));
        batch.end();
        return pace;
    }

    private static Ordering ordering(String text) {
        return text.equals("none") ? Ordering.NONE : Ordering.MAILBOX;
    }
}
