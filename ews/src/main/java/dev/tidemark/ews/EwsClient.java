package dev.tidemark.ews;

import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.ews.message.ServerVersion;
import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// Connection to one Exchange organization. Thread-safe; each call blocks its caller.
///
/// It sends every request exactly once: no redirects, no automatic retry. The caller decides whether to try
/// again. Exception: if a kept connection turns out closed before the response begins, the client sends the
/// request again at once on a new connection. It does not repeat a
/// [dev.tidemark.ews.message.EwsRequest.SubscribePush], because each one needs a separate URL. That request
/// fails with [dev.tidemark.ews.message.EwsError.RetryAfter] and the code `ConnectionStale`; the caller then
/// uses [#sendOnNewConnection].
public interface EwsClient extends AutoCloseable {
    /// Sends `call` for `mailbox`, and impersonates it if the connection is configured to. Never throws for a
    /// failure of the server or the network. An interrupt ends the call with an error and keeps the interrupt
    /// flag.
    <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call);

    /// Does the same as [#send], but never on a kept connection, which may turn out closed. The default suits
    /// clients that keep no connections.
    default <R> EwsResult<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        return send(mailbox, call);
    }

    /// Does the same as [#send] in the name of the connection's account, without impersonation. `about` is the
    /// address that the call concerns. The default suits clients that never impersonate.
    default <R> EwsResult<R> sendAsAccount(MailboxAddress about, EwsCall<R> call) {
        return send(about, call);
    }

    /// Opens a stream of events on a dedicated connection, and impersonates `mailbox` if the connection is
    /// configured to. The stream fails after a silence of the request's connection timeout plus one request
    /// timeout. Reports errors and interrupts like [#send]. [#close] also ends the stream.
    EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request);

    /// Does the same as [#send], on the server that `affinity` selects. The default suits clients of one
    /// server.
    default <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, ServerAffinity affinity) {
        return send(mailbox, call);
    }

    /// Does the same as [#stream], on the server that `affinity` selects.
    default EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity) {
        return stream(mailbox, request);
    }

    /// Returns the estimate of Exchange's clock from this connection's responses.
    default ExchangeClock exchangeClock() {
        return ExchangeClock.withoutReadings();
    }

    /// Returns the version that the server reported; empty before its first EWS response. The default suits
    /// clients that do not read it.
    default Optional<ServerVersion> serverVersion() {
        return Optional.empty();
    }

    /// Lets the next request use credentials that were refused recently. The default suits clients that use them
    /// with every request.
    default void retryCredentials() {}

    @Override
    void close();
}
