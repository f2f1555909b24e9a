package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.Optional;

/// The way to one Exchange organisation, for everything that Tidemark wants of it. It keeps to the
/// connection's limits and to the pauses that Exchange asks for; nothing may be sent past it. Safe for use by
/// many threads, each of which is blocked, without bound, until its turn has come and Exchange has answered.
public interface ExchangeGateway {
    /// Sends `call` for `mailbox` once; what to do about a refusal is the caller's business, the pauses that
    /// follow from it are not.
    <R> SendResult<R> send(RequestPriority priority, MailboxAddress mailbox, EwsCall<R> call)
            throws InterruptedException;

    /// Until when nothing is sent for this mailbox, so that its turn need not be waited for.
    Optional<Instant> backoffUntil(MailboxAddress mailbox);
}
