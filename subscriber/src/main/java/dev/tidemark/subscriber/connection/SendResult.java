package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsResult;
import java.time.Instant;

/// Result of sending a request to Exchange.
public sealed interface SendResult<R> {
    /// Sent once; this is its result.
    record Answered<R>(EwsResult<R> answer) implements SendResult<R> {}

    /// Not sent, because of a back-off of the mailbox or the connection.
    record BackedOff<R>(Instant until, String reason) implements SendResult<R> {}

    /// Not sent, because Tidemark is stopping.
    record Stopping<R>() implements SendResult<R> {}
}
