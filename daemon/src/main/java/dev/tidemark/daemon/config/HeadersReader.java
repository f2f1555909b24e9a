package dev.tidemark.daemon.config;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.forwarder.webhook.WebhookHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads `headers` of a webhook.
record HeadersReader(ConfigSectionReader sink) {
    /// Header names whose values are probably secrets.
    private static final Pattern SECRET =
            Pattern.compile(".*(auth|cookie|token|secret|key|passw|credential|session).*", Pattern.CASE_INSENSITIVE);

    /// Returns the valid headers and reports the others.
    Map<String, String> read() {
        var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        var usable = new LinkedHashMap<String, String>();
        sink.texts("headers", HeadersReader::kind).forEach((name, value) -> {
            if (!names.add(name)) {
                sink.addFault(
                        sink.mark("headers"),
                        sink.dotted("headers") + " has " + name + " twice, as case does not count; keep one of them");
            } else if (isUsable(name, value)) {
                usable.put(name, value);
            }
        });
        sink.warnOfSecrets("headers", HeadersReader::isSecret);
        return usable;
    }

    private static ValueConverter<String> kind(String name) {
        return new ValueConverter<>(
                value -> checked(name, value), value -> isSecret(name) ? ConfigSectionReader.REDACTED : value);
    }

    /// Returns true if the value of a header is probably a secret.
    static boolean isSecret(String name) {
        return SECRET.matcher(name).matches();
    }

    private static boolean isUsable(String name, String value) {
        try {
            return checked(name, value).equals(value);
        } catch (BadValueException invalid) {
            return false;
        }
    }

    private static String checked(String name, String value) throws BadValueException {
        try {
            WebhookHeaders.requireUsable(name, value);
            return value;
        } catch (InvalidSettingException unusable) {
            throw new BadValueException(String.valueOf(unusable.getMessage()));
        }
    }
}
