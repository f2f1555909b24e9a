package dev.tidemark.model;

import java.net.URI;

/// Path from Exchange to the listener.
@FunctionalInterface
interface NotificationLine {
    /// Outcome of a callback for Exchange.
    enum Reply {
        OK,
        UNSUBSCRIBE,
        /// no listener, no response in time, or a refusal
        NONE
    }

    Reply call(URI url, String body);
}
