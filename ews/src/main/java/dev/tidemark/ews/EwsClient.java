package dev.tidemark.ews;

import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.MailboxAddress;

/// A connection to one Exchange organisation. Safe for use by many threads; each call blocks its own.
///
/// It sends every request exactly once: no redirects, no automatic retry. The caller decides whether to try
/// again. Exception: if a kept connection turns out closed before the response begins, the request is sent again
/// at once on a new connection. A [dev.tidemark.ews.message.EwsRequest.SubscribePush] is not, because each one
/// needs a separate URL. It fails with [dev.tidemark.ews.message.EwsError.RetryAfter] and the code
/// `ConnectionStale`, and the caller uses [#sendOnNewConnection].
public interface EwsClient extends AutoCloseable {
    /// Sends `call` for `mailbox`, impersonating it where the connection is set to. Never throws for what the
    /// other side or the network does; an interrupt ends the call with an error and keeps the interrupt flag.
    <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call);

    /// Does the same as [#send], but never on a kept connection, which may turn out closed. The default suits
    /// clients that keep no connections.
    default <R> EwsResult<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        return send(mailbox, call);
    }

    /// Opens a stream of events on a connection of its own, impersonating `mailbox` where the connection is set
    /// to. It may be silent for the request's connection timeout and a timeout more. Errors and interrupts are
    /// as in [#send]; [#close] ends the stream, too.
    EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request);

    /// The same as [#send], by the server that `affinity` keeps to. A client that knows one server only has
    /// nothing to do for it.
    default <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, ServerAffinity affinity) {
        return send(mailbox, call);
    }

    /// The same as [#stream], by the server that `affinity` keeps to.
    default EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity) {
        return stream(mailbox, request);
    }

    /// Returns the estimate of Exchange's clock from this connection's responses.
    default ExchangeClock exchangeClock() {
        return ExchangeClock.unread();
    }

    /// Lets the next request use credentials that were refused recently. The default suits clients that use them
    /// with every request.
    default void showCredentialsAgain() {}

    @Override
    void close();
}
