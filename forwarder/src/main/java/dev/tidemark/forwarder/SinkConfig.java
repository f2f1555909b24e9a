package dev.tidemark.forwarder;

import dev.tidemark.watermark.SinkName;
import java.util.List;

/// One sink and what it takes.
///
/// @param concurrency requests at a time
/// @param events patterns of types, `*` for any characters; none: everything but heartbeats
public record SinkConfig(
        SinkName name,
        WebhookConfig webhook,
        Ordering ordering,
        int concurrency,
        RetryConfig retry,
        List<String> events) {
    public SinkConfig {
        events = List.copyOf(events);
        if (concurrency < 1) {
            throw new InvalidSettingException(
                    "Sink " + name + " has a concurrency of " + concurrency + "; use 1 or more.");
        }
    }

    /// A sink with the defaults of the reference configuration.
    public static SinkConfig of(SinkName name, WebhookConfig webhook) {
        return new SinkConfig(name, webhook, Ordering.MAILBOX, 4, RetryConfig.DEFAULT, List.of());
    }
}
