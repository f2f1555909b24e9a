package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.Optional;

/// Sends requests to one Exchange organization, within the limits and back-offs of its connection. All code must
/// use it for every request. Blocks the calling thread without a time limit, until its turn and the response of
/// Exchange. Thread-safe.
public interface ExchangeGateway {
    /// Sends `call` for `mailbox` once. Applies the back-offs that follow from a refusal; the caller decides
    /// about a retry.
    <R> SendResult<R> send(RequestPriority priority, MailboxAddress mailbox, EwsCall<R> call)
            throws InterruptedException;

    /// Sends `call` about an address once, in the name of the connection's account.
    <R> SendResult<R> sendAsAccount(RequestPriority priority, MailboxAddress about, EwsCall<R> call)
            throws InterruptedException;

    /// Returns the end of the back-off that applies to this mailbox, so that callers need not wait for a turn.
    Optional<Instant> backoffUntil(MailboxAddress mailbox);

    /// Result of sending a request to Exchange.
    sealed interface SendResult<R> {
        /// Sent once; this is its result.
        record Answered<R>(EwsResult<R> answer) implements SendResult<R> {}

        /// Not sent, because of a back-off of the mailbox or the connection.
        record BackedOff<R>(Instant until, String reason) implements SendResult<R> {}

        /// Not sent, because Tidemark is stopping.
        record Stopping<R>() implements SendResult<R> {}
    }
}
