package dev.tidemark.daemon;

import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads `sinks`.
record SinksReader(Section root) {
    private static final URI STAND_IN = URI.create("https://missing.invalid/");
    private static final Kind<String> SECRET = new Kind<>(SinksReader::secret, text -> text);
    private static final List<Duration> RETRY = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofDays(1));

    /// Beyond it a clean stop may leave a request under way, which is then sent twice.
    private static final Duration LONGEST_CLEAN_TIMEOUT = Duration.ofSeconds(20);

    Map<String, Sectioned<SinkSettings>> read() {
        var result = new LinkedHashMap<String, Sectioned<SinkSettings>>();
        root.named("sinks").forEach((name, section) -> result.put(name, sink(name, section)));
        return result;
    }

    private static Sectioned<SinkSettings> sink(String name, Section section) {
        var type = section.get("type", Kind.oneOf("webhook", "kafka", "stdout"), "webhook");
        if (!type.equals("webhook")) {
            section.mistake(
                    section.mark("type"),
                    section.dotted("type") + ": " + type + " is not available in this version; write webhook");
        }
        var url = type.equals("webhook")
                ? section.require("url", Kind.WEB_ADDRESS, STAND_IN)
                : section.find("url", Kind.WEB_ADDRESS).orElse(STAND_IN);
        var secrets = section.secrets("secret", SECRET);
        if (secrets.isEmpty() && !section.has("secret") && type.equals("webhook")) {
            section.lacks(
                    "secret",
                    section.mark(),
                    section.dotted("secret") + " is missing; add whsec_ and Base64 of 24 to 64 bytes");
        }
        var settings = new SinkSettings(
                name,
                url,
                secrets,
                section.texts("headers"),
                section.get("ordering", Kind.oneOf("mailbox", "none"), "mailbox")
                        .equals("mailbox"),
                section.get("concurrency", Kind.whole(1, 1000), 4),
                section.get("timeout", Kind.DURATION, Duration.ofSeconds(15)),
                section.list("retry", Kind.DURATION, RETRY),
                section.get("patience", Kind.PAUSE, Duration.ofMinutes(10)),
                section.get("disable-after", Kind.DURATION, Duration.ofDays(5)),
                section.list("events", Kind.TEXT, List.of()));
        later(section, type);
        section.end();
        if (settings.timeout().compareTo(LONGEST_CLEAN_TIMEOUT) > 0) {
            section.risk(
                    section.mark("timeout"),
                    section.dotted("timeout") + " is above 20s: a stop may then repeat a delivery; write 20s or less");
        }
        return new Sectioned<>(settings, section);
    }

    private static void later(Section section, String type) {
        section.notAvailable("signing-key");
        var batch = section.section("batch");
        batch.notAvailable("max", "1");
        batch.notAvailable("linger", "0ms", "0s", "0");
        batch.end();
        section.notAvailable("rate-limit", "0");
        if (type.equals("kafka")) {
            section.find("bootstrap-servers", Kind.TEXT);
            section.find("topic", Kind.TEXT);
        } else {
            section.notAvailable(List.of("bootstrap-servers", "topic"));
        }
    }

    private static String secret(String text) throws BadValueException {
        try {
            if (text.startsWith("whsec_")) {
                var length = Base64.getDecoder().decode(text.substring("whsec_".length())).length;
                if (length >= 24 && length <= 64) {
                    return text;
                }
            }
        } catch (IllegalArgumentException notBase64) {
            throw new BadValueException("this secret is not Base64 after whsec_; write whsec_ and what 'openssl rand"
                    + " -base64 32' prints");
        }
        throw new BadValueException(
                "this is not a secret of 24 to 64 bytes; write whsec_ and what 'openssl rand" + " -base64 32' prints");
    }
}
