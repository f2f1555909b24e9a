package dev.tidemark.ews;

import dev.tidemark.ews.HttpTransport.Repetition;
import dev.tidemark.ews.codec.EwsRequestWriter;
import dev.tidemark.ews.codec.UserSettingsCodec;
import dev.tidemark.ews.login.ConnectionConfig;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.ews.message.SkipReporter;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.ews.message.UserSettingsResult;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Instant;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Implements [EwsClient] over HTTP. Runs each request on a separate virtual thread, so an interrupt of the
/// caller ends it on any kind of thread. Thread-safe.
public final class HttpEwsClient implements EwsClient {
    /// Limit of a whole request (pool, connect, response), in timeouts. Without it, a server that sends byte by
    /// byte would hold its connection forever.
    private static final int TIMEOUTS_PER_EXCHANGE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(HttpEwsClient.class);

    private final ConnectionConfig config;
    private final HttpTransport transport;
    private final VersionNegotiator versions;
    private final HttpReplyInterpreter replies = new HttpReplyInterpreter();
    private final LoginCircuitBreaker breaker;
    private final SkipReporter skips;
    private final ExchangeClock exchangeClock;
    private final ExecutorService exchanges;

    private HttpEwsClient(
            ConnectionConfig config,
            HttpTransport transport,
            LoginCircuitBreaker breaker,
            SkipReporter skips,
            ExchangeClock exchangeClock) {
        this.config = config;
        this.skips = skips;
        this.transport = transport;
        this.breaker = breaker;
        this.exchangeClock = exchangeClock;
        this.versions = new VersionNegotiator(
                config.name(), new EwsRequestWriter(config.serverVersion(), config.connectingName()));
        this.exchanges = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ews-" + config.name() + "-", 0).factory());
    }

    /// Creates a client for one organization. Opens no connection. Throws
    /// [dev.tidemark.ews.login.UnreadableStoreException] if a store for TLS or login is unusable.
    ///
    /// @param clock dates the proofs of identity
    public static HttpEwsClient connect(ConnectionConfig config, Clock clock) {
        return connect(config, clock, SkipReporter.none());
    }

    /// Creates a client that reports the parts of responses that it cannot understand.
    ///
    /// @param skips receives the skipped parts of responses
    public static HttpEwsClient connect(ConnectionConfig config, Clock clock, SkipReporter skips) {
        return connect(config, clock, skips, new ExchangeClock(clock));
    }

    /// Creates a client that adds its readings of Exchange's clock to `exchangeClock`. Several clients of one
    /// organization may share it.
    public static HttpEwsClient connect(
            ConnectionConfig config, Clock clock, SkipReporter skips, ExchangeClock exchangeClock) {
        return new HttpEwsClient(
                config, HttpTransport.over(config, clock), new LoginCircuitBreaker(clock), skips, exchangeClock);
    }

    @Override
    public ExchangeClock exchangeClock() {
        return exchangeClock;
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        return send(mailbox, call, repetition(call));
    }

    @Override
    public <R> EwsResult<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        return send(mailbox, call, Repetition.NOT_NEEDED);
    }

    private <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, Repetition repetition) {
        var headers = RequestHeaders.of(EwsOperation.of(call).soapAction(), impersonatedMailbox(mailbox));
        return send(mailbox, call, headers, repetition, reply -> {});
    }

    /// Lets the caller repeat a push subscription, because each one needs a separate callback URL.
    private static Repetition repetition(EwsCall<?> call) {
        return call instanceof EwsRequest.SubscribePush ? Repetition.BY_CALLER : Repetition.AS_IT_IS;
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, ServerAffinity affinity) {
        var headers = RequestHeaders.of(EwsOperation.of(call).soapAction(), affinity);
        return send(mailbox, call, headers, repetition(call), reply -> affinity.rememberCookie(reply.affinityCookie()));
    }

    private <R> EwsResult<R> send(
            MailboxAddress mailbox,
            EwsCall<R> request,
            Map<String, String> headers,
            Repetition repetition,
            Consumer<HttpReply> head) {
        var writer = versions.writer();
        var post = transport.post(writer.write(request, impersonatedMailbox(mailbox)), headers, repetition);
        var skipped = new SkipTally(EwsOperation.of(request).requestName());
        var askedAt = exchangeClock.localNow();
        var result = versions.classify(writer, exchange(Optional.of(mailbox), post::execute, post::cancel, reply -> {
            head.accept(reply);
            return withClockReading(replies.interpret(reply, request, skipped), reply, askedAt);
        }));
        skipped.report(mailbox, skips);
        switch (result) {
            case EwsResult.Success<R> ignored ->
                LOG.debug("{} of {} succeeded", EwsOperation.of(request).requestName(), mailbox);
            case EwsResult.Refused<R> refused ->
                LOG.debug("{} of {} failed: {}", EwsOperation.of(request).requestName(), mailbox, refused.error());
        }
        return result;
    }

    private <R> EwsResult<R> withClockReading(EwsResult<R> result, HttpReply reply, Instant askedAt) {
        if (result instanceof EwsResult.Success<R>) {
            HttpErrorClassifier.date(reply).ifPresent(date -> exchangeClock.addResponse(askedAt, date));
        }
        return result;
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        var headers = RequestHeaders.of(EwsOperation.GET_STREAMING_EVENTS.soapAction(), impersonatedMailbox(mailbox));
        return stream(mailbox, request, headers, reply -> {});
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity) {
        var headers = RequestHeaders.of(EwsOperation.GET_STREAMING_EVENTS.soapAction(), affinity);
        return stream(mailbox, request, headers, reply -> affinity.rememberCookie(reply.affinityCookie()));
    }

    private EwsResult<EventStream> stream(
            MailboxAddress mailbox, GetStreamingEvents request, Map<String, String> headers, Consumer<HttpReply> head) {
        var writer = versions.writer();
        var http = transport.stream(
                writer.write(request, impersonatedMailbox(mailbox)),
                headers,
                request.connectionTimeout().plus(config.timeout()));
        var result = versions.classify(
                writer, this.<EventStream>exchange(Optional.of(mailbox), http::open, http::close, reply -> {
                    head.accept(reply);
                    return replies.interpretStream(http, reply, tally -> tally.report(mailbox, skips));
                }));
        switch (result) {
            case EwsResult.Success<EventStream> ignored -> LOG.debug("Opened a stream for {}", mailbox);
            case EwsResult.Refused<EventStream> refused -> {
                http.close();
                LOG.debug("Failed to open a stream for {}: {}", mailbox, refused.error());
            }
        }
        return result;
    }

    /// Posts to the autodiscover service at this connection's address, without impersonation. Reports the
    /// skipped parts for `first`, the first mailbox that `body` names.
    public EwsResult<UserSettingsResult> userSettings(MailboxAddress first, byte[] body) {
        var post = transport.post(
                body, RequestHeaders.of(UserSettingsCodec.ACTION, Optional.empty()), Repetition.AS_IT_IS);
        var skipped = new SkipTally(SkipTally.GET_USER_SETTINGS);
        var result = exchange(
                Optional.empty(),
                post::execute,
                post::cancel,
                reply -> HttpReplyInterpreter.interpretSettings(reply, skipped));
        skipped.report(first, skips);
        return result;
    }

    @Override
    public void retryCredentials() {
        breaker.allowNextRequest();
    }

    @Override
    public void close() {
        exchanges.shutdownNow();
        transport.close();
    }

    private <R> EwsResult<R> exchange(
            Optional<MailboxAddress> mailbox,
            Callable<HttpReply> work,
            Runnable cancel,
            Function<HttpReply, EwsResult<R>> interpret) {
        var refusal = breaker.recentRefusal(mailbox);
        return refusal.isPresent()
                ? new EwsResult.Refused<>(refusal.get())
                : breaker.classify(mailbox, execute(work, cancel, interpret));
    }

    private <R> EwsResult<R> execute(
            Callable<HttpReply> work, Runnable cancel, Function<HttpReply, EwsResult<R>> interpret) {
        try {
            var reply = exchanges.submit(work);
            var limit = config.timeout().multipliedBy(TIMEOUTS_PER_EXCHANGE);
            return interpret.apply(reply.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            cancel.run();
            Thread.currentThread().interrupt();
            return new EwsResult.Refused<>(HttpErrorClassifier.interrupted());
        } catch (TimeoutException expected) {
            cancel.run();
            return new EwsResult.Refused<>(HttpErrorClassifier.timedOut());
        } catch (RejectedExecutionException | CancellationException e) {
            return new EwsResult.Refused<>(HttpErrorClassifier.closed());
        } catch (ExecutionException e) {
            return new EwsResult.Refused<>(HttpTransport.failure(e.getCause()));
        }
    }

    private Optional<MailboxAddress> impersonatedMailbox(MailboxAddress mailbox) {
        return config.impersonation() ? Optional.of(mailbox) : Optional.empty();
    }
}
