package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsAnswer;
import java.time.Instant;

/// What came of the wish to send something to Exchange.
public sealed interface Sent<R> {
    /// It was sent, once, and this is the answer.
    record Answered<R>(EwsAnswer<R> answer) implements Sent<R> {}

    /// Nothing was sent: Exchange wants to be left alone, by this mailbox or by all, until then.
    record HeldBack<R>(Instant until, String why) implements Sent<R> {}

    /// Nothing was sent: Tidemark is stopping.
    record Stopping<R>() implements Sent<R> {}
}
