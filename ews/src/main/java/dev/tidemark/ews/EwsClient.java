package dev.tidemark.ews;

/// A connection to one Exchange organisation. Safe for use by many threads; each call blocks its own.
///
/// It sends every request exactly once: no redirects, no automatic retry. Whether to try again is the
/// caller's decision. There is one exception: if a kept connection turns out closed before a byte of the response came,
/// the request is sent again at once on a new connection. A [EwsRequest.SubscribePush] is not, because each one needs
/// a URL of its own: it is answered with [EwsError.RetryAfter] and the code `ConnectionStale`, and the caller uses
/// [#sendOnNewConnection].
public interface EwsClient extends AutoCloseable {
    /// Sends `call` for `mailbox`, impersonating it where the connection is set to. Never throws for what the
    /// other side or the network does; an interrupt ends the call with an error and keeps the interrupt flag.
    <R> EwsAnswer<R> send(MailboxAddress mailbox, EwsCall<R> call);

    /// Does the same as [#send], but not over a connection that was kept, so that no closed one is met. A client
    /// that keeps no connections has nothing to do for it.
    default <R> EwsAnswer<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        return send(mailbox, call);
    }

    /// Opens a stream of events on a connection of its own, impersonating `mailbox` where the connection is set
    /// to. It may be silent for the request's connection timeout and a timeout more. Errors and interrupts are
    /// as in [#send]; [#close] ends the stream, too.
    EwsAnswer<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request);

    /// The same as [#send], by the server that `affinity` keeps to. A client that knows one server only has
    /// nothing to do for it.
    default <R> EwsAnswer<R> send(MailboxAddress mailbox, EwsCall<R> call, ServerAffinity affinity) {
        return send(mailbox, call);
    }

    /// The same as [#stream], by the server that `affinity` keeps to.
    default EwsAnswer<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity) {
        return stream(mailbox, request);
    }

    /// Returns what this connection's responses say of Exchange's clock.
    default ExchangeClock exchangeClock() {
        return ExchangeClock.unread();
    }

    /// Has the next request show credentials that were refused a moment ago. A client that shows them with every
    /// request has nothing to do for it.
    default void showCredentialsAgain() {}

    @Override
    void close();
}
