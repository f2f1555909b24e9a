package dev.tidemark.daemon;

import dev.tidemark.forwarder.InvalidSettingException;
import dev.tidemark.forwarder.Ordering;
import dev.tidemark.forwarder.PaceConfig;
import dev.tidemark.forwarder.RetryConfig;
import dev.tidemark.forwarder.SinkConfig;
import dev.tidemark.forwarder.WebhookConfig;
import dev.tidemark.watermark.SinkName;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Reads `sinks`.
record SinksReader(Section root) {
    private static final URI STAND_IN = URI.create("https://missing.invalid/");
    private static final Kind<String> SECRET = new Kind<>(SinksReader::secret, text -> text);
    private static final String STAND_IN_SECRET = "whsec_" + "A".repeat(32);

    /// Beyond it a clean stop may leave a request under way, which is then sent twice.
    private static final Duration LONGEST_CLEAN_TIMEOUT = Duration.ofSeconds(20);

    Map<String, Sectioned<SinkConfig>> read() {
        var result = new LinkedHashMap<String, Sectioned<SinkConfig>>();
        root.named("sinks").forEach((name, section) -> result.put(name, sink(name, section)));
        return result;
    }

    private static Sectioned<SinkConfig> sink(String name, Section section) {
        var type = section.get("type", Kind.oneOf("webhook", "kafka", "stdout"), "webhook");
        if (!type.equals("webhook")) {
            section.mistake(
                    section.mark("type"),
                    section.dotted("type") + ": " + type + " is not available in this version; write webhook");
        }
        var url = type.equals("webhook")
                ? section.require("url", Kind.WEB_ADDRESS, STAND_IN)
                : section.find("url", Kind.WEB_ADDRESS).orElse(STAND_IN);
        var sink = sink(name, section, webhook(section, url, type));
        later(section, type);
        section.end();
        if (sink.target().timeout().compareTo(LONGEST_CLEAN_TIMEOUT) > 0) {
            section.risk(
                    section.mark("timeout"),
                    section.dotted("timeout") + " is above 20s: a stop may then repeat a delivery; write 20s or less");
        }
        return new Sectioned<>(sink, section);
    }

    private static SinkConfig sink(String name, Section section, WebhookConfig webhook) {
        return new SinkConfig(
                new SinkName(name),
                webhook,
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

    /// What only the forwarder can judge, it judges.
    private static WebhookConfig webhook(Section section, URI url, String type) {
        var secrets = secrets(section, type);
        var headers = section.texts("headers");
        var signingKey = section.secret("signing-key", Kind.TEXT);
        var timeout = section.get("timeout", Kind.DURATION, Duration.ofSeconds(15));
        try {
            return new WebhookConfig(url, secrets, signingKey, headers, timeout);
        } catch (InvalidSettingException unusable) {
            section.mistake(
                    section.mark(signingKey.isPresent() ? "signing-key" : "headers"),
                    section.path() + ": " + Objects.requireNonNullElse(unusable.getMessage(), "cannot be used"));
            return WebhookConfig.of(STAND_IN, STAND_IN_SECRET);
        }
    }

    private static List<String> secrets(Section section, String type) {
        var secrets = section.secrets("secret", SECRET);
        if (!section.has("secret") && type.equals("webhook")) {
            section.lacks(
                    "secret",
                    section.mark(),
                    section.dotted("secret") + " is missing; add whsec_ and Base64 of 24 to 64 bytes");
        }
        return secrets.isEmpty() ? List.of(STAND_IN_SECRET) : secrets;
    }

    private static void later(Section section, String type) {
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
