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
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The client of an organisation without a fixed address: each request goes to where its mailbox is served,
/// and an answer that it is served elsewhere has autodiscover asked again before the next one.
public final class AutodiscoverEwsClient implements EwsClient {
    private static final String NO_MAILBOX = "ErrorNonExistentMailbox";

    private final MailboxLocator discovery;
    private final Function<URI, EwsClient> connect;
    private final ExchangeClock exchangeClock;
    private final Map<URI, EwsClient> clients = new ConcurrentHashMap<>();
    /// mailboxes that were said not to exist; right after a move that is not true
    private final Set<MailboxAddress> doubted = ConcurrentHashMap.newKeySet();

    /// Creates the client. `connect` creates the client of one address, which is closed with this one. All of them
    /// read `exchangeClock`.
    public AutodiscoverEwsClient(
            MailboxLocator discovery, Function<URI, EwsClient> connect, ExchangeClock exchangeClock) {
        this.discovery = discovery;
        this.connect = connect;
        this.exchangeClock = exchangeClock;
    }

    @Override
    public ExchangeClock exchangeClock() {
        return exchangeClock;
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        return where(mailbox, client -> client.send(mailbox, call));
    }

    @Override
    public <R> EwsResult<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        return where(mailbox, client -> client.sendOnNewConnection(mailbox, call));
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        return where(mailbox, client -> client.stream(mailbox, request));
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, ServerAffinity affinity) {
        return where(mailbox, client -> client.send(mailbox, call, affinity));
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity) {
        return where(mailbox, client -> client.stream(mailbox, request, affinity));
    }

    @Override
    public void retryCredentials() {
        discovery.showCredentialsAgain();
        clients.values().forEach(EwsClient::retryCredentials);
    }

    MailboxLocator discovery() {
        return discovery;
    }

    private <R> EwsResult<R> where(MailboxAddress mailbox, Function<EwsClient, EwsResult<R>> request) {
        return switch (discovery.locate(mailbox)) {
            case EwsResult.Refused<URI> refused -> new EwsResult.Refused<>(refused.error());
            case EwsResult.Success<URI> found ->
                judged(mailbox, request.apply(clients.computeIfAbsent(found.value(), connect)));
        };
    }

    private <R> EwsResult<R> judged(MailboxAddress mailbox, EwsResult<R> answer) {
        return switch (answer) {
            case EwsResult.Success<R> success -> {
                doubted.remove(mailbox);
                yield success;
            }
            case EwsResult.Refused<R> refused ->
                leadsElsewhere(mailbox, refused.error())
                        .<EwsResult<R>>map(EwsResult.Refused::new)
                        .orElse(refused);
        };
    }

    private Optional<EwsError> leadsElsewhere(MailboxAddress mailbox, EwsError error) {
        if (error instanceof EwsError.Rediscover) {
            discovery.doubt(mailbox);
            return Optional.of(error);
        }
        if (error.code().value().equals(NO_MAILBOX) && doubted.add(mailbox)) {
            discovery.doubt(mailbox);
            return Optional.of(new EwsError.Rediscover(error.code(), error.text()));
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        clients.values().forEach(EwsClient::close);
        discovery.close();
    }
}
