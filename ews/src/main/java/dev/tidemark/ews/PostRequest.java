package dev.tidemark.ews;

import dev.tidemark.ews.HttpTransport.Repetition;
import dev.tidemark.ews.login.ConnectionConfig;
import dev.tidemark.ews.login.HttpLogin;
import dev.tidemark.ews.login.LoginFailedException;
import dev.tidemark.http.ConnectionReuse;
import dev.tidemark.http.StaleConnectionException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.io.CloseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Request to be executed once, by one thread; created by [HttpTransport]. Handles the login with each request, a
/// kept connection that turns out closed, and a proxy that refuses a tunnel. Any thread may cancel it.
final class PostRequest {
    private static final Logger LOG = LoggerFactory.getLogger(PostRequest.class);
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    private final ConnectionConfig config;
    private final HttpLogin login;
    private final CloseableHttpClient http;
    private final HttpPost post;
    private final Repetition repetition;
    private volatile HttpClientContext context = HttpClientContext.create();

    PostRequest(
            ConnectionConfig config, HttpLogin login, CloseableHttpClient http, HttpPost post, Repetition repetition) {
        this.config = config;
        this.login = login;
        this.http = http;
        this.post = post;
        this.repetition = repetition;
    }

    /// Sends the request and waits for the whole response.
    HttpReply execute() throws IOException {
        return withLogin(this::once, HttpReply::status);
    }

    HttpReply once() throws IOException {
        try {
            return executeWithRepetition(() -> http.execute(post, context, this::reply));
        } catch (UnreadBodyException e) {
            return e.head();
        }
    }

    ClassicHttpResponse head() throws IOException {
        return executeWithRepetition(() -> http.executeOpen(null, post, context));
    }

    private <T> T executeWithRepetition(Execution<T> execution) throws IOException {
        context = repetition == Repetition.NOT_NEEDED ? ConnectionReuse.onNewConnection() : HttpClientContext.create();
        try {
            return execution.run();
        } catch (StaleConnectionException e) {
            if (repetition != Repetition.AS_IT_IS) {
                throw e;
            }
            LOG.debug("Kept connection to {} was closed; sending the request again", post.getAuthority());
            context = ConnectionReuse.onNewConnection();
            return execution.run();
        }
    }

    /// Sends the request, and sends it again if the server refuses a proof that can be renewed.
    <T> T withLogin(Execution<T> execution, ToIntFunction<T> status) throws IOException {
        return switch (login) {
            // LoginRequestExecutor logs in on each connection
            case HttpLogin.PerConnection ignored -> execution.run();
            case HttpLogin.PerRequest proof -> {
                var shown = show(proof);
                var first = execution.run();
                if (status.applyAsInt(first) != UNAUTHORIZED) {
                    yield first;
                }
                if (!proof.tryRenew(shown)) {
                    throw new LoginFailedException(proof.refusalError());
                }
                if (first instanceof Closeable open) {
                    open.close();
                }
                show(proof);
                var second = execution.run();
                if (status.applyAsInt(second) == UNAUTHORIZED) {
                    throw new LoginFailedException(proof.refusalError());
                }
                yield second;
            }
        };
    }

    private Optional<String> show(HttpLogin.PerRequest proof) throws LoginFailedException {
        var authorization = proof.authorization();
        authorization.ifPresent(value -> post.setHeader(HttpHeaders.AUTHORIZATION, value));
        return authorization;
    }

    /// Ends the execution. Thread-safe.
    void cancel() {
        post.cancel();
    }

    /// Rejects the response to a refused CONNECT, which the library returns like a response. No TLS session
    /// exists then.
    private void requireServer(ClassicHttpResponse response) throws IOException {
        if (config.proxy().isPresent()
                && "https".equalsIgnoreCase(post.getScheme())
                && context.getSSLSession() == null) {
            throw new RefusingProxyException(response.getCode());
        }
    }

    HttpReply reply(ClassicHttpResponse response) throws IOException {
        requireServer(response);
        try {
            return new HttpReply(response.getCode(), headers(response), body(response));
        } catch (IOException e) {
            if (response.getCode() == OK) {
                throw e;
            }
            LOG.debug("Failed to read the body of a response {}", response.getCode(), e);
            post.cancel();
            throw new UnreadBodyException(new HttpReply(response.getCode(), headers(response), new byte[0]));
        }
    }

    private byte[] body(ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            return new byte[0];
        }
        var body = GzipBody.plain(response.getEntity().getContent()).readNBytes(HttpTransport.MAX_RESPONSE + 1);
        if (body.length > HttpTransport.MAX_RESPONSE) {
            // otherwise the library reads the rest in order to reuse the connection
            post.cancel();
            throw new ResponseTooLargeException();
        }
        return body;
    }

    /// Ends the execution and closes the client. Thread-safe.
    void cancelAndClose() {
        post.cancel();
        http.close(CloseMode.IMMEDIATE);
    }

    static Map<String, String> headers(ClassicHttpResponse response) {
        return ReplyHeaders.of(name -> Arrays.stream(response.getHeaders(name))
                .flatMap(header -> Optional.ofNullable(header.getValue()).stream()));
    }

    /// Sends the request once, and returns the response or a part of it.
    interface Execution<T> {
        T run() throws IOException;
    }

    /// Carries the head of a response whose status is no success; its body is not needed.
    static final class UnreadBodyException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient HttpReply head;

        private UnreadBodyException(HttpReply head) {
            this.head = head;
        }

        HttpReply head() {
            return head;
        }
    }
}
