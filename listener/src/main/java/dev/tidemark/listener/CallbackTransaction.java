package dev.tidemark.listener;

import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/// Reads one callback and sends its response. [CallbackHandler] creates it. Jetty's threads read the available bytes of
/// the body; the acknowledging thread sends the response. No method blocks. Used by one thread at a time.
final class CallbackTransaction implements PendingResponse.ResponseSender {
    private static final Invocable.InvocationType NON_BLOCKING = Invocable.InvocationType.NON_BLOCKING;

    /// Limits the bytes of a refused body that are read and discarded after the response. Closing a connection
    /// with unread bytes makes TCP reset it, and the response may be lost. Over TLS each byte takes processor time,
    /// which an attacker must not get for a forged token.
    private static final long MAX_DISCARDED_BYTES = 4L * 1024 * 1024;

    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final ConnectionDeadlineTracker<Connection> deadlines;
    private final Connection connection;
    private long discarded;

    CallbackTransaction(
            Request request, Response response, Callback callback, ConnectionDeadlineTracker<Connection> deadlines) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.deadlines = deadlines;
        connection = request.getConnectionMetaData().getConnection();
    }

    void startReading(CallbackBodyReader bodyReader) {
        deadlines.restart(connection);
        read(bodyReader);
    }

    private void read(CallbackBodyReader bodyReader) {
        for (var chunk = request.read(); chunk != null; chunk = request.read()) {
            if (Content.Chunk.isFailure(chunk)) {
                bodyReader.abandon();
                abort(chunk.getFailure());
                return;
            }
            var last = chunk.isLast();
            var rejection = bodyReader.append(chunk.getByteBuffer());
            chunk.release();
            if (rejection.isPresent()) {
                reject(rejection.get());
                return;
            }
            if (last) {
                awaitResponse(bodyReader);
                return;
            }
        }
        request.demand(task(() -> read(bodyReader)));
    }

    /// Hands over the complete body. Suspends the deadline while the store works, because that is no idle
    /// time of the client.
    private void awaitResponse(CallbackBodyReader bodyReader) {
        deadlines.suspend(connection);
        request.addIdleTimeoutListener(ignored -> false);
        bodyReader.complete(this);
    }

    @Override
    public void send(CallbackResponse callbackResponse, Runnable onSent) {
        var end = completion(onSent);
        try {
            write(response, callbackResponse, end);
        } catch (RuntimeException e) {
            end.failed(e);
        }
    }

    /// Sends a response before the body is read completely.
    void reject(CallbackResponse callbackResponse) {
        if (!hasBody()) {
            send(callbackResponse, Invocable.NOOP);
            return;
        }
        deadlines.extend(connection, LINGER);
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        write(response, callbackResponse, Callback.from(NON_BLOCKING, this::discard, this::onSendFailed));
    }

    private void discard() {
        for (var chunk = request.read(); chunk != null; chunk = request.read()) {
            discarded += chunk.remaining();
            var end = chunk.isLast() || Content.Chunk.isFailure(chunk) || discarded > MAX_DISCARDED_BYTES;
            chunk.release();
            if (end) {
                callback.succeeded();
                return;
            }
        }
        request.demand(task(this::discard));
    }

    private boolean hasBody() {
        return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    private Callback completion(Runnable onSent) {
        return Callback.from(
                NON_BLOCKING,
                () -> {
                    onSent.run();
                    deadlines.restart(connection);
                    callback.succeeded();
                },
                failure -> {
                    onSent.run();
                    onSendFailed(failure);
                });
    }

    /// Drops a response that could not be sent. Exchange sends the callback again, and the store recognizes
    /// it.
    private void onSendFailed(Throwable failure) {
        callback.failed(new QuietException.Exception("The client did not read its response.", failure));
    }

    private void abort(Throwable failure) {
        connection.getEndPoint().close();
        callback.failed(new QuietException.Exception("The client did not send its body.", failure));
    }

    private static Invocable.Task task(Runnable work) {
        return Invocable.from(NON_BLOCKING, work);
    }

    /// Writes the whole response, then completes `callback`.
    static void write(Response response, CallbackResponse callbackResponse, Callback callback) {
        response.setStatus(callbackResponse.status());
        callbackResponse.headers().forEach(response.getHeaders()::put);
        var body = callbackResponse.body();
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
        response.write(true, body, callback);
    }
}
