package dev.tidemark.daemon.config;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.forwarder.webhook.WebhookHeaders;
import dev.tidemark.http.WebHost;
import dev.tidemark.tracing.TracerFactory;
import dev.tidemark.tracing.TracerFactory.TracingConfig;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Reads `tracing`.
record TracingReader(ConfigSectionReader root) {
    private static final URI PLACEHOLDER = URI.create("https://missing.invalid/v1/traces");
    private static final double DEFAULT_SAMPLE = 0.01;

    /// Returns the settings; empty if the file has no such section.
    Optional<TracingConfig> read() {
        if (!root.has("tracing")) {
            return Optional.empty();
        }
        var tracing = root.section("tracing");
        var endpoint = tracing.require("endpoint", ValueConverter.WEB_ADDRESS, PLACEHOLDER);
        var sample = tracing.get("sample", ValueConverter.decimal(0, 1), DEFAULT_SAMPLE);
        var headers = tracing.secretTexts("headers");
        tracing.warnOfSecrets("headers", HeadersReader::isSecret);
        checkEndpoint(tracing, endpoint, headers);
        checkHeaders(tracing, headers);
        tracing.finish();
        checkModule(tracing);
        return Optional.of(new TracingConfig(withLowerScheme(endpoint), sample, headers));
    }

    private static void checkModule(ConfigSectionReader tracing) {
        try {
            if (TracerFactory.installed().isEmpty()) {
                tracing.addFault(
                        tracing.mark(),
                        "OpenTelemetry is not installed; tracing needs the distribution's folder lib/opentelemetry");
            }
        } catch (IllegalStateException unusable) {
            tracing.addFault(tracing.mark(), unusable.getMessage() + "; install the distribution's folder again");
        }
    }

    /// The exporter compares the scheme with case.
    private static URI withLowerScheme(URI endpoint) {
        var text = endpoint.toString();
        var length = text.indexOf(':');
        return URI.create(text.substring(0, length).toLowerCase(Locale.ROOT) + text.substring(length));
    }

    private static void checkEndpoint(ConfigSectionReader tracing, URI endpoint, Map<String, String> headers) {
        var path = endpoint.getRawPath();
        if (path == null || path.isEmpty() || path.equals("/")) {
            tracing.addFault(
                    tracing.mark("endpoint"),
                    tracing.dotted("endpoint") + " has no path; write the whole address for OTLP over HTTP, such as"
                            + " http://127.0.0.1:4318/v1/traces");
        }
        if (endpoint.getHost() == null) {
            tracing.addFault(
                    tracing.mark("endpoint"),
                    tracing.dotted("endpoint") + " has a host with an underscore, which the exporter does not accept;"
                            + " write another name or an address");
        }
        if (!headers.isEmpty()
                && "http".equalsIgnoreCase(endpoint.getScheme())
                && !NetworkAddressConverter.isLoopback(WebHost.hostIn(endpoint).orElse(""))) {
            tracing.addWarning(
                    tracing.mark("endpoint"),
                    tracing.dotted("endpoint") + " sends tracing.headers without encryption; write https");
        }
    }

    private static void checkHeaders(ConfigSectionReader tracing, Map<String, String> headers) {
        var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            try {
                WebhookHeaders.requireUsable(name, value);
            } catch (InvalidSettingException unusable) {
                tracing.addFault(tracing.mark("headers"), tracing.dotted("headers") + ": " + unusable.getMessage());
            }
            if (!names.add(name)) {
                tracing.addFault(
                        tracing.mark("headers"),
                        tracing.dotted("headers") + " has " + name
                                + " twice, as case does not count; keep one of them");
            }
        });
    }
}
