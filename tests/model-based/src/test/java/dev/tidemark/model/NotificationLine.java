package dev.tidemark.model;

import java.net.URI;

/// The way from Exchange to whoever listens.
@FunctionalInterface
interface NotificationLine {
    /// How a call-back ends for Exchange.
    enum Reply {
        OK,
        UNSUBSCRIBE,
        /// nobody there, no answer in time, or a refusal
        NONE
    }

    Reply call(URI url, String body);
}
