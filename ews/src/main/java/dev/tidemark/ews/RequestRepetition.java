package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsRequest;

/// Reaction to a kept connection that turns out closed before the first byte of the response.
enum RequestRepetition {
    /// The transport sends the request again at once, one time, on a new connection.
    AS_IT_IS,
    /// The caller makes another request.
    BY_CALLER,
    /// Does not occur, because the request uses a new connection.
    NOT_NEEDED;

    /// Lets the caller repeat a push subscription, because each one needs a separate callback URL.
    static RequestRepetition of(EwsCall<?> call) {
        return call instanceof EwsRequest.SubscribePush ? BY_CALLER : AS_IT_IS;
    }
}
