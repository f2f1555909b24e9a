package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.ServerAffinity;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// EWS client of an organization without a fixed address. Sends each request to the address that
/// [MailboxLocator] knows for the mailbox. A response that the mailbox has moved invalidates that address, so
/// the next request runs autodiscover again. Thread-safe.
public final class AutodiscoverEwsClient implements EwsClient {
    private static final String NO_MAILBOX = "ErrorNonExistentMailbox";

    private final MailboxLocator locator;
    private final ClientFactory factory;
    private final ExchangeClock exchangeClock;
    private final Map<URI, EwsClient> clients = new ConcurrentHashMap<>();
    /// mailboxes reported as missing once; right after a move this report is wrong
    private final Set<MailboxAddress> reportedMissing = ConcurrentHashMap.newKeySet();

    /// Creates the client. Closing it also closes `locator` and the clients that `factory` created. All of them
    /// read `exchangeClock`.
    public AutodiscoverEwsClient(MailboxLocator locator, ClientFactory factory, ExchangeClock exchangeClock) {
        this.locator = locator;
        this.factory = factory;
        this.exchangeClock = exchangeClock;
    }

    @Override
    public ExchangeClock exchangeClock() {
        return exchangeClock;
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        return sendToServer(mailbox, client -> client.send(mailbox, call));
    }

    /// Sends to any known server, because each one serves the directory.
    @Override
    public <R> EwsResult<R> sendAsAccount(MailboxAddress about, EwsCall<R> call) {
        return clients.values().stream()
                .findAny()
                .map(client -> client.sendAsAccount(about, call))
                .orElseGet(() -> new EwsResult.Refused<>(new EwsError.RetryAfter(
                        new ResponseCode("NoServerKnown"),
                        "Autodiscover has located no mailbox of this connection yet, so no server is known.",
                        Optional.empty())));
    }

    @Override
    public <R> EwsResult<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        return sendToServer(mailbox, client -> client.sendOnNewConnection(mailbox, call));
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        return sendToServer(mailbox, client -> client.stream(mailbox, request));
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, ServerAffinity affinity) {
        return sendToServer(mailbox, client -> client.send(mailbox, call, affinity));
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity) {
        return sendToServer(mailbox, client -> client.stream(mailbox, request, affinity));
    }

    @Override
    public void retryCredentials() {
        locator.retryCredentials();
        clients.values().forEach(EwsClient::retryCredentials);
    }

    MailboxLocator locator() {
        return locator;
    }

    private <R> EwsResult<R> sendToServer(MailboxAddress mailbox, Function<EwsClient, EwsResult<R>> request) {
        return switch (locator.locate(mailbox)) {
            case EwsResult.Refused<URI> refused -> new EwsResult.Refused<>(refused.error());
            case EwsResult.Success<URI> found ->
                checkLocation(mailbox, request.apply(clients.computeIfAbsent(found.value(), factory::create)));
        };
    }

    private <R> EwsResult<R> checkLocation(MailboxAddress mailbox, EwsResult<R> result) {
        return switch (result) {
            case EwsResult.Success<R> success -> {
                reportedMissing.remove(mailbox);
                yield success;
            }
            case EwsResult.Refused<R> refused ->
                rediscovery(mailbox, refused.error())
                        .<EwsResult<R>>map(EwsResult.Refused::new)
                        .orElse(refused);
        };
    }

    private Optional<EwsError> rediscovery(MailboxAddress mailbox, EwsError error) {
        if (error instanceof EwsError.Rediscover) {
            locator.invalidate(mailbox);
            return Optional.of(error);
        }
        if (error.code().value().equals(NO_MAILBOX) && reportedMissing.add(mailbox)) {
            locator.invalidate(mailbox);
            return Optional.of(new EwsError.Rediscover(error.code(), error.text()));
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        clients.values().forEach(EwsClient::close);
        locator.close();
    }

    /// Creates the EWS client of one server address. [AutodiscoverEwsClient] calls it once per address, on the thread
    /// that sends the first request there, and closes the client. Implementations must be thread-safe.
    @FunctionalInterface
    public interface ClientFactory {
        EwsClient create(URI url);
    }
}
