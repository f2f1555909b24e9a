package dev.tidemark.ews;

import dev.tidemark.ews.ConnectionConfig.Auth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The client on Apache HttpClient. Each exchange runs on a virtual thread of its own, so that an interrupt
/// of the caller ends it whatever kind of thread the caller is.
public final class HttpEwsClient implements EwsClient {
    /// More than any page of changes with a large sync state, and little enough for several at once.
    static final int MAX_ANSWER = 32 * 1024 * 1024;

    /// A whole exchange (waiting for a connection, connecting, answering) takes so many timeouts at most, or
    /// a server that trickles would hold its connection for ever.
    private static final int TIMEOUTS_PER_EXCHANGE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(HttpEwsClient.class);

    private final ConnectionConfig config;
    private final CloseableHttpClient http;
    private final RequestWriter writer;
    private final AnswerReader reader = new AnswerReader();
    private final ExecutorService exchanges;

    private HttpEwsClient(ConnectionConfig config, CloseableHttpClient http) {
        this.config = config;
        this.http = http;
        this.writer = new RequestWriter(config.serverVersion());
        this.exchanges = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ews-" + config.name() + "-", 0).factory());
    }

    /// A client for the organisation; opens no connection yet.
    public static HttpEwsClient connect(ConnectionConfig config) {
        return new HttpEwsClient(config, http(config));
    }

    @Override
    public <R> EwsAnswer<R> send(MailboxAddress mailbox, EwsRequest<R> request) {
        return call(mailbox, request);
    }

    /// Like [#send], for everything that one request and one answer do.
    public <R> EwsAnswer<R> call(MailboxAddress mailbox, EwsCall<R> request) {
        var post = post(mailbox, request);
        var answer = exchange(post, request);
        switch (answer) {
            case EwsAnswer.Success<R> ignored ->
                LOG.debug("{} of {} succeeded", Operation.of(request).requestName(), mailbox);
            case EwsAnswer.Refused<R> refused ->
                LOG.debug("{} of {} failed: {}", Operation.of(request).requestName(), mailbox, refused.error());
        }
        return answer;
    }

    @Override
    public void close() {
        exchanges.shutdownNow();
        http.close(CloseMode.IMMEDIATE);
    }

    private <R> EwsAnswer<R> exchange(HttpPost post, EwsCall<R> request) {
        try {
            var reply = exchanges.submit(() -> http.execute(post, response -> reply(post, response)));
            var longest = config.timeout().multipliedBy(TIMEOUTS_PER_EXCHANGE);
            return answer(reply.get(longest.toMillis(), TimeUnit.MILLISECONDS), request);
        } catch (InterruptedException e) {
            post.cancel();
            Thread.currentThread().interrupt();
            return new EwsAnswer.Refused<>(HttpReactions.interrupted());
        } catch (TimeoutException expected) {
            post.cancel();
            return new EwsAnswer.Refused<>(HttpReactions.slow());
        } catch (RejectedExecutionException | CancellationException e) {
            return new EwsAnswer.Refused<>(HttpReactions.closed());
        } catch (ExecutionException e) {
            return new EwsAnswer.Refused<>(failure(e));
        }
    }

    private static EwsError failure(ExecutionException failed) {
        return switch (failed.getCause()) {
            case AnswerTooLargeException ignored -> HttpReactions.toUnreadable("it is too large.");
            case ConnectionRequestTimeoutException ignored -> HttpReactions.crowded();
            case IOException io -> HttpReactions.toFailure(io);
            case IllegalStateException ignored -> HttpReactions.closed();
            case null, default -> throw new IllegalStateException("A request could not be sent.", failed);
        };
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

    private HttpPost post(MailboxAddress mailbox, EwsCall<?> request) {
        var impersonated = config.impersonation() ? Optional.of(mailbox) : Optional.<MailboxAddress>empty();
        var post = new HttpPost(config.url());
        post.setEntity(new ByteArrayEntity(
                writer.write(request, impersonated), ContentType.TEXT_XML.withCharset(StandardCharsets.UTF_8)));
        post.setHeader(HttpHeaders.ACCEPT, "text/xml");
        post.setHeader("SOAPAction", Operation.of(request).soapAction());
        impersonated.ifPresent(address -> post.setHeader("X-AnchorMailbox", address.value()));
        switch (config.auth()) {
            case Auth.None ignored -> {}
            case Auth.Basic basic -> post.setHeader(HttpHeaders.AUTHORIZATION, "Basic " + credentials(basic));
        }
        return post;
    }

    private static String credentials(Auth.Basic basic) {
        var pair = basic.username() + ":" + basic.password();
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpReply reply(HttpPost post, ClassicHttpResponse response) throws IOException {
        var body = new byte[0];
        if (response.getEntity() != null) {
            body = response.getEntity().getContent().readNBytes(MAX_ANSWER + 1);
            if (body.length > MAX_ANSWER) {
                // else the library would read the rest, to use the connection again
                post.cancel();
                throw new AnswerTooLargeException();
            }
        }
        return new HttpReply(
                response.getCode(),
                header(response, HttpHeaders.RETRY_AFTER),
                header(response, HttpHeaders.DATE),
                header(response, "X-CasErrorCode"),
                body);
    }

    private static Optional<String> header(ClassicHttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).flatMap(header -> WireValues.text(header.getValue()));
    }

    /// Sends each request once, follows nothing, keeps no cookies: what to do next is the caller's decision.
    private static CloseableHttpClient http(ConnectionConfig config) {
        var timeout = Timeout.of(config.timeout());
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(config.concurrency())
                .setMaxConnPerRoute(config.concurrency())
                .setDefaultConnectionConfig(org.apache.hc.client5.http.config.ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .build())
                .setUserAgent("Tidemark")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    private static final class AnswerTooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
