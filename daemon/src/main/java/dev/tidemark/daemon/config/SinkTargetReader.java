package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.forwarder.targets.KafkaConfig;
import dev.tidemark.forwarder.targets.KafkaTargetFactory;
import dev.tidemark.forwarder.targets.SinkTargetConfig;
import dev.tidemark.forwarder.targets.StdoutConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.http.TlsContextSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Reads the keys of a sink that depend on its type. Leaves deeper checks to the forwarder.
record SinkTargetReader(ConfigSectionReader section, Path folder) {
    private static final URI PLACEHOLDER = URI.create("https://missing.invalid/");
    private static final ValueConverter<String> SECRET = new ValueConverter<>(SinkTargetReader::secret, text -> text);
    private static final String PLACEHOLDER_SECRET = "whsec_" + "A".repeat(32);

    /// Secret in `conf/tidemark.yaml`.
    private static final String SAMPLE_SECRET = "whsec_Y2hhbmdlLW1lLWJlZm9yZS1hbnlib2R5LXNlZXM=";

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    /// Placeholder after a fault.
    private static final String UNKNOWN = "";

    /// Kafka's names for passwords, keys and logins.
    private static final Pattern SECRET_PROPERTY = Pattern.compile(".*\\.(password|key|config|secret|token)");

    private static final List<String> WEBHOOK = List.of("url", "secret", "headers", "signing-key", "tls", "proxy");
    private static final List<String> KAFKA = List.of("bootstrap-servers", "topic", "properties");

    SinkTargetConfig read() {
        var types = ValueConverter.oneOf("webhook", "kafka", "stdout");
        var type = section.get("type", types, section.has("type") ? UNKNOWN : "webhook");
        return switch (type) {
            case UNKNOWN -> unknown();
            case "kafka" -> {
                section.rejectForeign(WEBHOOK, "webhook");
                yield kafka();
            }
            case "stdout" -> {
                section.rejectForeign(WEBHOOK, "webhook");
                section.rejectForeign(KAFKA, "kafka");
                yield checked("timeout", () -> new StdoutConfig(timeout()), new StdoutConfig(TIMEOUT));
            }
            default -> {
                section.rejectForeign(KAFKA, "kafka");
                yield webhook();
            }
        };
    }

    /// Returns a placeholder for an unknown type, so that the rest of the file can be read.
    private SinkTargetConfig unknown() {
        section.secrets("secret", ValueConverter.TEXT);
        section.secrets("signing-key", ValueConverter.TEXT);
        section.texts("headers");
        section.secretTexts("properties");
        List.of("url", "bootstrap-servers", "topic").forEach(key -> section.find(key, ValueConverter.TEXT));
        section.find("proxy", ConnectionsReader.PROXY);
        tls();
        timeout();
        return new StdoutConfig(TIMEOUT);
    }

    private Optional<TlsContextSource> tls() {
        return Optional.of(new TlsReader(section, folder).read())
                .filter(found -> !found.equals(EwsTlsConfig.DEFAULT))
                .map(found -> found);
    }

    private Duration timeout() {
        return section.get("timeout", ValueConverter.DURATION, TIMEOUT);
    }

    private SinkTargetConfig kafka() {
        var servers = section.require("bootstrap-servers", ValueConverter.TEXT, "missing.invalid:9092");
        var topic = section.require("topic", ValueConverter.TEXT, "missing");
        var properties = section.secretTexts("properties");
        section.warnOfSecrets(
                "properties", name -> SECRET_PROPERTY.matcher(name).matches());
        var standIn = new KafkaConfig("missing.invalid:9092", "missing", Map.of(), TIMEOUT);
        return checked(
                section.has("properties") ? "properties" : "bootstrap-servers",
                () -> {
                    var config = new KafkaConfig(servers, topic, properties, timeout());
                    KafkaTargetFactory.installed()
                            .orElseThrow(KafkaTargetFactory::missing)
                            .check(config);
                    return config;
                },
                standIn);
    }

    private SinkTargetConfig webhook() {
        var url = section.require("url", ValueConverter.WEB_ADDRESS, PLACEHOLDER);
        var secrets = secrets();
        var headers = new HeadersReader(section).read();
        var signingKey = section.secret("signing-key", ValueConverter.TEXT);
        var tls = tls();
        var proxy = section.find("proxy", ConnectionsReader.PROXY);
        section.warnOfPasswordIn("proxy", ConnectionsReader.PROXY_PASSWORD);
        return checked(
                signingKey.isPresent() ? "signing-key" : "url",
                () -> new WebhookConfig(url, secrets, signingKey, headers, timeout(), tls, proxy),
                WebhookConfig.of(PLACEHOLDER, PLACEHOLDER_SECRET));
    }

    private SinkTargetConfig checked(String key, Supplier<SinkTargetConfig> config, SinkTargetConfig standIn) {
        try {
            return config.get();
        } catch (InvalidSettingException unusable) {
            section.addFault(
                    section.mark(key),
                    section.path() + ": " + Objects.requireNonNullElse(unusable.getMessage(), "cannot be used"));
            return standIn;
        }
    }

    private List<String> secrets() {
        var secrets = section.secrets("secret", SECRET);
        if (!section.has("secret")) {
            section.reportMissing(
                    "secret",
                    section.mark(),
                    section.dotted("secret") + " is missing; add whsec_ and Base64 of 24 to 64 bytes");
        }
        if (secrets.contains(SAMPLE_SECRET)) {
            section.addWarning(
                    section.mark("secret"),
                    section.dotted("secret") + " is that of the sample configuration, which is public; write"
                            + " whsec_ and what 'openssl rand -base64 32' prints");
        }
        return secrets.isEmpty() ? List.of(PLACEHOLDER_SECRET) : secrets;
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
