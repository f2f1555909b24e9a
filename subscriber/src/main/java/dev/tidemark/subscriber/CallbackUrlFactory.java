package dev.tidemark.subscriber;

import dev.tidemark.store.model.AttemptId;
import java.net.URI;

/// Where Exchange shall call back for an attempt. Each attempt has an address of its own. Called by many
/// threads.
@FunctionalInterface
public interface CallbackUrlFactory {
    /// An absolute http or https address shorter than 2083 characters (XSD, PushSubscriptionRequestType).
    URI urlFor(AttemptId attempt, String group);
}
