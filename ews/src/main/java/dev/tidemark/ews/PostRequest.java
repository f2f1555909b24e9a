package dev.tidemark.ews;

import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.http.ConnectionReuse;
import dev.tidemark.http.StaleConnectionException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
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

/// Request that one thread executes once; created by [HttpTransport]. Handles the login with each request, a
/// kept connection that turns out closed, and a proxy that refuses a tunnel. Any thread may cancel it.
final class PostRequest {
    /// Limit of a body in bytes: larger than any page of changes with a large sync state, small enough for
    /// several at a time.
    static final int MAX_RESPONSE = 32 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(PostRequest.class);
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    private final ConnectionConfig config;
    private final HttpLogin login;
    private final CloseableHttpClient http;
    private final HttpPost post;
    private final RequestRepetition repetition;
    private volatile HttpClientContext context = HttpClientContext.create();

    PostRequest(
            ConnectionConfig config,
            HttpLogin login,
            CloseableHttpClient http,
            HttpPost post,
            RequestRepetition repetition) {
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

    /// Sends the request without the login of [#execute], and waits for the whole response.
    HttpReply once() throws IOException {
        try {
            return executeWithRepetition(() -> http.execute(post, context, this::reply));
        } catch (UnreadBodyException e) {
            return e.head();
        }
    }

    /// Sends the request and waits for the headers. Reads the body only if the status is not 200.
    OpenedStream open() throws IOException {
        var response = withLogin(this::head, ClassicHttpResponse::getCode);
        if (response.getCode() == OK && response.getEntity() != null) {
            var content = GzipBody.plain(response.getEntity().getContent());
            return new OpenedStream(new HttpReply(OK, headers(response), new byte[0]), content);
        }
        try {
            return new OpenedStream(reply(response), InputStream.nullInputStream());
        } catch (UnreadBodyException e) {
            return new OpenedStream(e.head(), InputStream.nullInputStream());
        }
    }

    private ClassicHttpResponse head() throws IOException {
        return executeWithRepetition(() -> http.executeOpen(null, post, context));
    }

    private <T> T executeWithRepetition(Execution<T> execution) throws IOException {
        context = repetition == RequestRepetition.NOT_NEEDED
                ? ConnectionReuse.onNewConnection()
                : HttpClientContext.create();
        try {
            return execution.run();
        } catch (StaleConnectionException e) {
            if (repetition != RequestRepetition.AS_IT_IS) {
                throw e;
            }
            LOG.debug("Kept connection to {} was closed; sending the request again", post.getAuthority());
            context = ConnectionReuse.onNewConnection();
            return execution.run();
        }
    }

    /// Sends the request, and sends it again if the server refuses a proof that can be renewed.
    private <T> T withLogin(Execution<T> execution, ToIntFunction<T> status) throws IOException {
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

    private HttpReply reply(ClassicHttpResponse response) throws IOException {
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
        var body = GzipBody.plain(response.getEntity().getContent()).readNBytes(MAX_RESPONSE + 1);
        if (body.length > MAX_RESPONSE) {
            // without this, the library reads the rest in order to reuse the connection
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

    private static Map<String, String> headers(ClassicHttpResponse response) {
        return ReplyHeaders.of(name -> Arrays.stream(response.getHeaders(name))
                .flatMap(header -> Optional.ofNullable(header.getValue()).stream()));
    }

    /// Sends the request once, and returns the response or a part of it.
    private interface Execution<T> {
        T run() throws IOException;
    }

    /// Carries the head of a response whose status is not a success; its body is not needed.
    private static final class UnreadBodyException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient HttpReply head;

        private UnreadBodyException(HttpReply head) {
            this.head = head;
        }

        HttpReply head() {
            return head;
        }
    }

    /// Headers of a response, and its content as it arrives.
    record OpenedStream(HttpReply head, InputStream content) {}
}
