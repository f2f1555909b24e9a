package dev.tidemark.ews;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The client over HTTP. Each exchange runs on a virtual thread of its own, so that an interrupt of the
/// caller ends it whatever kind of thread the caller is.
public final class HttpEwsClient implements EwsClient {
    /// A whole exchange (waiting for a connection, connecting, answering) takes so many timeouts at most, or
    /// a server that trickles would hold its connection for ever.
    private static final int TIMEOUTS_PER_EXCHANGE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(HttpEwsClient.class);

    private final ConnectionConfig config;
    private final HttpTransport transport;
    private final VersionLadder versions;
    private final AnswerReader reader = new AnswerReader();
    private final ExecutorService exchanges;

    private HttpEwsClient(ConnectionConfig config, HttpTransport transport) {
        this.config = config;
        this.transport = transport;
        this.versions = new VersionLadder(config.name(), config.serverVersion());
        this.exchanges = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ews-" + config.name() + "-", 0).factory());
    }

    /// A client for the organisation; opens no connection yet, but reads the stores that TLS and auth need
    /// and throws [UnreadableStoreException] where one cannot be used. The clock dates what the account
    /// proves itself with.
    public static HttpEwsClient connect(ConnectionConfig config, Clock clock) {
        return new HttpEwsClient(config, HttpTransport.over(config, clock));
    }

    @Override
    public <R> EwsAnswer<R> send(MailboxAddress mailbox, EwsCall<R> request) {
        var impersonated = impersonated(mailbox);
        var writer = versions.writer();
        var post = transport.post(
                writer.write(request, impersonated),
                headers(Operation.of(request).soapAction(), impersonated));
        var answer = versions.judge(writer, exchange(post::execute, post::cancel, reply -> answer(reply, request)));
        switch (answer) {
            case EwsAnswer.Success<R> ignored ->
                LOG.debug("{} of {} succeeded", Operation.of(request).requestName(), mailbox);
            case EwsAnswer.Refused<R> refused ->
                LOG.debug("{} of {} failed: {}", Operation.of(request).requestName(), mailbox, refused.error());
        }
        return answer;
    }

    @Override
    public EwsAnswer<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        var impersonated = impersonated(mailbox);
        var writer = versions.writer();
        var http = transport.stream(
                writer.write(request, impersonated),
                headers(Operation.GET_STREAMING_EVENTS.soapAction(), impersonated),
                request.connectionTimeout().plus(config.timeout()));
        var answer = versions.judge(
                writer, this.<EventStream>exchange(http::open, http::close, reply -> opened(http, reply)));
        switch (answer) {
            case EwsAnswer.Success<EventStream> ignored -> LOG.debug("A stream for {} is open", mailbox);
            case EwsAnswer.Refused<EventStream> refused -> {
                http.close();
                LOG.debug("A stream for {} cannot be opened: {}", mailbox, refused.error());
            }
        }
        return answer;
    }

    /// Posts to the autodiscover service, which is what this connection's address is then. It impersonates
    /// nobody.
    EwsAnswer<UserSettingsReply> userSettings(byte[] body) {
        var post = transport.post(body, headers(UserSettingsCodec.ACTION, Optional.empty()));
        return exchange(post::execute, post::cancel, HttpEwsClient::settings);
    }

    private static EwsAnswer<UserSettingsReply> settings(HttpReply reply) {
        try {
            if (reply.status() >= 301
                    && reply.status() <= 308
                    && reply.location().isPresent()) {
                return new EwsAnswer.Success<>(
                        new UserSettingsReply.Moved(new URI(reply.location().get())));
            }
            if (reply.status() == 200 || reply.status() == 500) {
                return new EwsAnswer.Success<>(new UserSettingsReply.Told(UserSettingsCodec.read(reply.body())));
            }
        } catch (MalformedMessageException | URISyntaxException e) {
            LOG.debug("An answer of autodiscover with status {} cannot be read", reply.status(), e);
            if (reply.status() == 200) {
                return new EwsAnswer.Refused<>(HttpReactions.toUnreadable("it is no answer to the request."));
            }
        }
        return new EwsAnswer.Refused<>(HttpReactions.toStatus(reply));
    }

    private EwsAnswer<EventStream> opened(HttpTransport.Stream http, HttpReply reply) {
        if (reply.status() == 200) {
            return new EwsAnswer.Success<>(new HttpEventStream(http, reader));
        }
        return new EwsAnswer.Refused<>(fault(reply).map(Reactions::to).orElseGet(() -> HttpReactions.toStatus(reply)));
    }

    private Optional<Problem> fault(HttpReply reply) {
        if (reply.status() != 500) {
            return Optional.empty();
        }
        try {
            return reader.readStreamed(reply.body()).getFirst().problem();
        } catch (MalformedMessageException e) {
            LOG.debug("An answer with status {} is no EWS message", reply.status(), e);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        exchanges.shutdownNow();
        transport.close();
    }

    private <R> EwsAnswer<R> exchange(
            Callable<HttpReply> work, Runnable cancel, Function<HttpReply, EwsAnswer<R>> answer) {
        try {
            var reply = exchanges.submit(work);
            var longest = config.timeout().multipliedBy(TIMEOUTS_PER_EXCHANGE);
            return answer.apply(reply.get(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            cancel.run();
            Thread.currentThread().interrupt();
            return new EwsAnswer.Refused<>(HttpReactions.interrupted());
        } catch (TimeoutException expected) {
            cancel.run();
            return new EwsAnswer.Refused<>(HttpReactions.slow());
        } catch (RejectedExecutionException | CancellationException e) {
            return new EwsAnswer.Refused<>(HttpReactions.closed());
        } catch (ExecutionException e) {
            return new EwsAnswer.Refused<>(HttpTransport.failure(e.getCause()));
        }
    }

    /// A fault comes with status 500, so both are read before the status is judged.
    private <R> EwsAnswer<R> answer(HttpReply reply, EwsCall<R> request) {
        if (reply.status() != 200 && reply.status() != 500) {
            return new EwsAnswer.Refused<>(HttpReactions.toStatus(reply));
        }
        try {
            return reader.read(request, reply.body());
        } catch (MalformedMessageException e) {
            LOG.debug("An answer with status {} is no EWS message", reply.status(), e);
            return new EwsAnswer.Refused<>(
                    reply.status() == 500
                            ? HttpReactions.toStatus(reply)
                            : HttpReactions.toUnreadable("it is no answer to the request."));
        }
    }

    private Optional<MailboxAddress> impersonated(MailboxAddress mailbox) {
        return config.impersonation() ? Optional.of(mailbox) : Optional.empty();
    }

    private Map<String, String> headers(String soapAction, Optional<MailboxAddress> impersonated) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Accept", "text/xml");
        headers.put("SOAPAction", soapAction);
        impersonated.ifPresent(address -> headers.put("X-AnchorMailbox", address.value()));
        return headers;
    }
}
