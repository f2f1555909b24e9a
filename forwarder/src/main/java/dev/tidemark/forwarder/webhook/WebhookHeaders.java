package dev.tidemark.forwarder.webhook;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks the headers that a configuration adds to a webhook's requests. Thread-safe.
public final class WebhookHeaders {
    /// Headers that frame or encode the message, or that Tidemark sets for the event.
    private static final Set<String> RESERVED = Set.of(
            "content-type",
            "content-encoding",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "upgrade",
            "expect",
            "user-agent",
            "traceparent");

    /// RFC 9110, section 5.6.2.
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /// RFC 9110, section 5.5, without characters that receivers interpret differently.
    private static final Pattern PLAIN = Pattern.compile("|[!-~]([ \\t!-~]*[!-~])?");

    private WebhookHeaders() {}

    /// Checks one header. Messages never contain the value, which may be a secret.
    ///
    /// @throws InvalidSettingException if a request cannot carry it or Tidemark sets it
    public static void requireUsable(String name, String value) {
        if (!TOKEN.matcher(name).matches()) {
            throw new InvalidSettingException(
                    "'" + name + "' is no name of an HTTP header; write letters, digits and hyphens, as in X-Team.");
        }
        if (isReserved(name.toLowerCase(Locale.ROOT))) {
            throw new InvalidSettingException("The header " + name + " is set by Tidemark; leave it out of headers.");
        }
        if (!PLAIN.matcher(value).matches()) {
            throw new InvalidSettingException(
                    "The value of header " + name + " holds a line break, a character beyond ASCII, or blanks at an"
                            + " end, which HTTP does not carry; write printable ASCII.");
        }
    }

    private static boolean isReserved(String lower) {
        return RESERVED.contains(lower) || lower.startsWith("webhook-") || lower.startsWith("tidemark-");
    }
}
