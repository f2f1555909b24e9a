package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsResult;
import java.time.Instant;

/// What came of the wish to send something to Exchange.
public sealed interface SendResult<R> {
    /// It was sent, once, and this is the answer.
    record Answered<R>(EwsResult<R> answer) implements SendResult<R> {}

    /// Nothing was sent: Exchange wants to be left alone, by this mailbox or by all, until then.
    record BackedOff<R>(Instant until, String why) implements SendResult<R> {}

    /// Nothing was sent: Tidemark is stopping.
    record Stopping<R>() implements SendResult<R> {}
}
