package dev.tidemark.subscriber;

import dev.tidemark.store.model.AttemptId;
import java.net.URI;

/// Creates the callback URL of a subscribe attempt. Each attempt has a separate URL. Called by the threads that
/// subscribe. Implementations must be thread-safe.
@FunctionalInterface
public interface CallbackUrlFactory {
    /// Returns an absolute http or https URL shorter than 2083 characters (XSD, PushSubscriptionRequestType).
    URI urlFor(AttemptId attempt, String group);
}
