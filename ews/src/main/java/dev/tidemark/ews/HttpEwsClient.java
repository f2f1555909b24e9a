package dev.tidemark.ews;

import dev.tidemark.ews.codec.EwsRequestWriter;
import dev.tidemark.ews.codec.ServerVersionReader;
import dev.tidemark.ews.codec.UserSettingsCodec;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.ews.message.ServerVersion;
import dev.tidemark.ews.message.SkipReporter;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Implements [EwsClient] over HTTP. Blocks the calling thread; [RequestRunner] explains interrupts and timeouts.
/// Thread-safe.
public final class HttpEwsClient implements EwsClient {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEwsClient.class);

    private final ConnectionConfig config;
    private final HttpTransport transport;
    private final VersionNegotiator versions;
    private final HttpReplyInterpreter replies = new HttpReplyInterpreter();
    private final SkipReporter skips;
    private final ExchangeClock exchangeClock;
    private final LoginCircuitBreaker breaker;
    private final RequestRunner runner;
    private final EwsRequestObserver observer;
    private volatile Optional<ServerVersion> serverVersion = Optional.empty();

    private HttpEwsClient(
            ConnectionConfig config,
            HttpTransport transport,
            LoginCircuitBreaker breaker,
            SkipReporter skips,
            ExchangeClock exchangeClock,
            EwsRequestObserver observer) {
        this.observer = observer;
        this.config = config;
        this.skips = skips;
        this.transport = transport;
        this.breaker = breaker;
        this.exchangeClock = exchangeClock;
        this.versions = new VersionNegotiator(
                config.name(), new EwsRequestWriter(config.serverVersion(), config.connectingName(), config.sids()));
        this.runner = new RequestRunner(config.name(), config.timeout(), breaker);
    }

    /// Creates a client for one organization. Opens no connection. Throws
    /// [dev.tidemark.ews.config.UnreadableStoreException] if a store for TLS or login is unusable.
    ///
    /// @param clock dates the proofs of identity
    public static HttpEwsClient connect(ConnectionConfig config, Clock clock) {
        return connect(config, clock, SkipReporter.none());
    }

    /// Creates a client that reports the skipped parts of responses to `skips`.
    public static HttpEwsClient connect(ConnectionConfig config, Clock clock, SkipReporter skips) {
        return connect(config, clock, skips, new ExchangeClock(clock));
    }

    /// Creates a client that adds its readings of Exchange's clock to `exchangeClock`. Several clients of one
    /// organization may share it.
    public static HttpEwsClient connect(
            ConnectionConfig config, Clock clock, SkipReporter skips, ExchangeClock exchangeClock) {
        return connect(config, clock, skips, exchangeClock, EwsRequestObserver.none());
    }

    /// Creates a client as [#connect(ConnectionConfig, Clock, SkipReporter, ExchangeClock)] does, which reports each
    /// request to `observer`.
    public static HttpEwsClient connect(
            ConnectionConfig config,
            Clock clock,
            SkipReporter skips,
            ExchangeClock exchangeClock,
            EwsRequestObserver observer) {
        return new HttpEwsClient(
                config,
                HttpTransport.over(config, clock),
                new LoginCircuitBreaker(clock),
                skips,
                exchangeClock,
                observer);
    }

    @Override
    public ExchangeClock exchangeClock() {
        return exchangeClock;
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        return send(mailbox, call, RequestRepetition.of(call));
    }

    @Override
    public <R> EwsResult<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        return send(mailbox, call, RequestRepetition.NOT_NEEDED);
    }

    private <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, RequestRepetition repetition) {
        var headers = RequestHeaders.of(EwsOperation.of(call).soapAction(), impersonatedMailbox(mailbox));
        return send(mailbox, call, headers, repetition, reply -> {});
    }

    @Override
    public <R> EwsResult<R> sendAsAccount(MailboxAddress about, EwsCall<R> call) {
        var headers = RequestHeaders.of(EwsOperation.of(call).soapAction(), Optional.empty());
        return send(about, Optional.empty(), call, headers, RequestRepetition.of(call), reply -> {});
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, ServerAffinity affinity) {
        var headers = RequestHeaders.of(EwsOperation.of(call).soapAction(), affinity);
        return send(
                mailbox,
                call,
                headers,
                RequestRepetition.of(call),
                reply -> affinity.rememberCookie(reply.affinityCookie()));
    }

    private <R> EwsResult<R> send(
            MailboxAddress mailbox,
            EwsCall<R> request,
            Map<String, String> headers,
            RequestRepetition repetition,
            Consumer<HttpReply> head) {
        return send(mailbox, impersonatedMailbox(mailbox), request, headers, repetition, head);
    }

    private <R> EwsResult<R> send(
            MailboxAddress mailbox,
            Optional<MailboxAddress> impersonated,
            EwsCall<R> request,
            Map<String, String> headers,
            RequestRepetition repetition,
            Consumer<HttpReply> head) {
        var writer = versions.writer();
        if (isNameless(impersonated, writer)) {
            return new EwsResult.Refused<>(HttpErrorClassifier.unknownSid());
        }
        var post = transport.post(writer.write(request, impersonated), headers, repetition);
        var skipped = new SkipTally(EwsOperation.of(request).requestName());
        var askedAt = exchangeClock.localNow();
        var stopwatch = new RequestStopwatch(observer, EwsOperation.of(request));
        var result = stopwatch.stop(versions.classify(
                writer, runner.run(Optional.of(mailbox), stopwatch.timing(post::execute), post::cancel, reply -> {
                    head.accept(reply);
                    readServerVersion(reply);
                    return withClockReading(replies.interpret(reply, request, skipped), reply, askedAt);
                })));
        skipped.report(mailbox, skips);
        log(EwsOperation.of(request), mailbox, result);
        return result;
    }

    /// Reads the version until a response has it; an upgraded server is noticed at the next start.
    private void readServerVersion(HttpReply reply) {
        if (serverVersion.isEmpty()) {
            serverVersion = ServerVersionReader.read(reply.body());
        }
    }

    private static void log(EwsOperation operation, MailboxAddress mailbox, EwsResult<?> result) {
        if (result instanceof EwsResult.Refused<?> refused) {
            LOG.debug("{} of {} failed: {}", operation.requestName(), mailbox, refused.error());
        } else {
            LOG.debug("{} of {} succeeded", operation.requestName(), mailbox);
        }
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
        var impersonated = impersonatedMailbox(mailbox);
        if (isNameless(impersonated, writer)) {
            return new EwsResult.Refused<>(HttpErrorClassifier.unknownSid());
        }
        var http = transport.stream(
                writer.write(request, impersonated),
                headers,
                request.connectionTimeout().plus(config.timeout()));
        var stopwatch = new RequestStopwatch(observer, EwsOperation.GET_STREAMING_EVENTS);
        var result = stopwatch.stop(versions.classify(
                writer,
                runner.<EventStream>run(Optional.of(mailbox), stopwatch.timing(http::open), http::close, reply -> {
                    head.accept(reply);
                    return replies.interpretStream(http, reply, tally -> tally.report(mailbox, skips));
                })));
        log(EwsOperation.GET_STREAMING_EVENTS, mailbox, result);
        if (result instanceof EwsResult.Refused<EventStream>) {
            http.close();
        }
        return result;
    }

    /// Posts to the autodiscover service at this connection's address, without impersonation. Reports the
    /// skipped parts for `first`, the first mailbox that `body` names.
    public EwsResult<UserSettingsResult> userSettings(MailboxAddress first, byte[] body) {
        var post = transport.post(
                body, RequestHeaders.of(UserSettingsCodec.ACTION, Optional.empty()), RequestRepetition.AS_IT_IS);
        var skipped = new SkipTally(SkipTally.GET_USER_SETTINGS);
        var result = runner.run(
                Optional.empty(),
                post::execute,
                post::cancel,
                reply -> HttpReplyInterpreter.interpretSettings(reply, skipped));
        skipped.report(first, skips);
        return result;
    }

    @Override
    public Optional<ServerVersion> serverVersion() {
        return serverVersion;
    }

    @Override
    public void retryCredentials() {
        breaker.allowNextRequest();
    }

    @Override
    public void close() {
        runner.close();
        transport.close();
    }

    private static boolean isNameless(Optional<MailboxAddress> impersonated, EwsRequestWriter writer) {
        return impersonated.filter(mailbox -> writer.nameOf(mailbox).isEmpty()).isPresent();
    }

    private Optional<MailboxAddress> impersonatedMailbox(MailboxAddress mailbox) {
        return config.impersonation() ? Optional.of(mailbox) : Optional.empty();
    }
}
