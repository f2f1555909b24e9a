package dev.tidemark.ews.message;

import dev.tidemark.http.RequestedDelay;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// An answer that is not what was asked for, sorted by what the caller should do next.
///
/// Codes are kept as text. What never became an EWS answer (no connection, an HTTP status) has a code of our
/// own that starts with `Http` or `Connection`.
public sealed interface EwsError {
    ResponseCode code();

    /// Returns the codes that have a reaction of their own; any other is retried with care.
    static Set<ResponseCode> expectedCodes() {
        return ResponseCodeClassifier.known();
    }

    /// Exchange's words or ours, for people.
    String text();

    /// The same request may succeed later: after `backOff` where Exchange named it, else by the caller's own
    /// schedule. `backOff` has the limits of [RequestedDelay].
    record RetryAfter(ResponseCode code, String text, Optional<Duration> backOff) implements EwsError {
        public RetryAfter {
            backOff = backOff.map(length -> new RequestedDelay(length).length());
        }
    }

    /// The same request may succeed later with fewer requests at a time.
    record RetryNarrower(ResponseCode code, String text) implements EwsError {}

    /// The subscription is gone; a new one from the stored watermark goes on.
    record ResubscribeFromWatermark(ResponseCode code, String text) implements EwsError {}

    /// The watermark is no longer good: subscribe without it, then resynchronise.
    record ResubscribeAndResync(ResponseCode code, String text) implements EwsError {}

    /// The sync state is no longer good: synchronise that folder from empty.
    record DropSyncState(ResponseCode code, String text) implements EwsError {}

    /// The folder is not there.
    record FolderGone(ResponseCode code, String text) implements EwsError {}

    /// The mailbox lives elsewhere: ask autodiscover, then re-subscribe from the watermark.
    record Rediscover(ResponseCode code, String text) implements EwsError {}

    /// Requires an operator to change this mailbox's rights or address.
    record PermanentForMailbox(ResponseCode code, String text) implements EwsError {}

    /// Requires an operator to change the connection: credentials, address, version. If other mailboxes of the
    /// connection work, the error concerns this mailbox only; the caller knows them, and decides.
    record PermanentForConnection(ResponseCode code, String text) implements EwsError {}
}
