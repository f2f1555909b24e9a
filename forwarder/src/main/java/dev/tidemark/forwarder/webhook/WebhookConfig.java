package dev.tidemark.forwarder.webhook;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.forwarder.targets.SinkTargetConfig;
import dev.tidemark.forwarder.targets.SinkTargetContext;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.http.TlsContextSource;
import dev.tidemark.http.WebHost;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Settings of a webhook.
///
/// @param secrets `whsec_…`, newest first; every secret signs
/// @param signingKey `whsk_…`, an ed25519 key that signs too
/// @param headers headers that each request carries unchanged
/// @param timeout limit for connection, request and response together
/// @param tls authorities and client certificate; empty for the JVM's authorities and none
/// @param proxy proxy in place of that of the egress policy
public record WebhookConfig(
        URI url,
        List<String> secrets,
        Optional<String> signingKey,
        Map<String, String> headers,
        Duration timeout,
        Optional<TlsContextSource> tls,
        Optional<ProxyConfig> proxy)
        implements SinkTargetConfig {
    /// @throws InvalidSettingException if a setting cannot be used
    public WebhookConfig {
        secrets = List.copyOf(secrets);
        headers = Map.copyOf(new LinkedHashMap<>(headers));
        if (WebHost.hostIn(url).isEmpty() || !isHttp(url)) {
            throw new InvalidSettingException(
                    "'" + url + "' is not a valid webhook URL; write it like https://crm.example.com/hooks/mail.");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new InvalidSettingException("A webhook's timeout of " + timeout + " is too short; try 15s.");
        }
        headers.forEach(WebhookHeaders::requireUsable);
        WebhookSigner.requireUsable(secrets, signingKey);
    }

    /// Creates settings without TLS and proxy of their own.
    public WebhookConfig(
            URI url, List<String> secrets, Optional<String> signingKey, Map<String, String> headers, Duration timeout) {
        this(url, secrets, signingKey, headers, timeout, Optional.empty(), Optional.empty());
    }

    public static WebhookConfig of(URI url, String secret) {
        return new WebhookConfig(url, List.of(secret), Optional.empty(), Map.of(), Duration.ofSeconds(15));
    }

    private static boolean isHttp(URI url) {
        return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
    }

    @Override
    public String type() {
        return "webhook";
    }

    @Override
    public SinkTarget open(SinkTargetContext context) {
        return WebhookTarget.open(this, context);
    }

    @Override
    public String toString() {
        return "WebhookConfig[url=" + url + ", timeout=" + timeout + "]";
    }
}
