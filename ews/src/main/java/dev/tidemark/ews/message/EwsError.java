package dev.tidemark.ews.message;

import dev.tidemark.http.RequestedDelay;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Classified error: each kind names the next step of the caller.
///
/// Codes are text. An error without an EWS response (no connection, an HTTP status) has a code of Tidemark that
/// starts with `Http` or `Connection`. Immutable.
public sealed interface EwsError {
    ResponseCode code();

    /// Returns the codes with a specific reaction. Any other code is retried.
    static Set<ResponseCode> expectedCodes() {
        return ResponseCodeClassifier.known();
    }

    /// Returns the explanation for operators, by Exchange or by Tidemark.
    String text();

    /// Allows a later retry: after `backOff` if Exchange named it, otherwise by the caller's schedule.
    /// `backOff` has the limits of [RequestedDelay].
    record RetryAfter(ResponseCode code, String text, Optional<Duration> backOff) implements EwsError {
        public RetryAfter {
            backOff = backOff.map(length -> new RequestedDelay(length).length());
        }
    }

    /// Allows a later retry with fewer concurrent requests.
    record RetryNarrower(ResponseCode code, String text) implements EwsError {}

    /// Reports a lost subscription; a new one continues from the stored watermark.
    record ResubscribeFromWatermark(ResponseCode code, String text) implements EwsError {}

    /// Reports an invalid watermark: subscribe without it, then resync.
    record ResubscribeAndResync(ResponseCode code, String text) implements EwsError {}

    /// Reports an invalid sync state: synchronize that folder from empty.
    record DropSyncState(ResponseCode code, String text) implements EwsError {}

    /// Reports a missing folder.
    record FolderGone(ResponseCode code, String text) implements EwsError {}

    /// Reports that another server has the mailbox: ask autodiscover, then resubscribe from the watermark.
    record Rediscover(ResponseCode code, String text) implements EwsError {}

    /// Requires an operator to change this mailbox's rights or address.
    record PermanentForMailbox(ResponseCode code, String text) implements EwsError {}

    /// Requires an operator to change the connection: credentials, address, version. If other mailboxes of the
    /// connection work, the error concerns this mailbox only; the caller decides that.
    record PermanentForConnection(ResponseCode code, String text) implements EwsError {}
}
