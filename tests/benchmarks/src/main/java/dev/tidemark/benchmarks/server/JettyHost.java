package dev.tidemark.benchmarks.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// Jetty server with one non-blocking handler that reads bodies and answers every request with the same bytes.
/// It has as many threads and connectors as Tidemark's listener, so only the rest differs.
public final class JettyHost implements AutoCloseable {
    private static final Invocable.InvocationType NON_BLOCKING = Invocable.InvocationType.NON_BLOCKING;
    private static final int BACKLOG = 1024;

    /// Jetty's default.
    private static final Duration DEFAULT_IDLE = Duration.ofSeconds(30);

    private final Server server;
    private final ServerConnector connector;

    /// Reads one body. `whole` is called once, and runs or keeps `answer`.
    public interface BodyReader {
        void read(ByteBuffer some);

        void whole(Runnable answer);
    }

    private JettyHost(Supplier<BodyReader> takers, byte[] answer) {
        var threads = new QueuedThreadPool(Math.max(8, 4 * Runtime.getRuntime().availableProcessors()));
        server = new Server(threads);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(BACKLOG);
        server.addConnector(connector);
        server.setHandler(new Reader(takers, ByteBuffer.wrap(answer)));
    }

    public static JettyHost start(Supplier<BodyReader> takers, byte[] answer) {
        return start(takers, answer, DEFAULT_IDLE);
    }

    /// Starts a server that closes connections after this idle time.
    public static JettyHost start(Supplier<BodyReader> takers, byte[] answer, Duration idle) {
        var host = new JettyHost(takers, answer);
        host.connector.setIdleTimeout(idle.toMillis());
        try {
            host.server.start();
            return host;
        } catch (Exception e) {
            throw new BenchmarkException("A benchmark server failed to start: " + e.getMessage(), e);
        }
    }

    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new BenchmarkException("A benchmark server failed to stop: " + e.getMessage(), e);
        }
    }

    private static final class Reader extends Handler.Abstract.NonBlocking {
        private final Supplier<BodyReader> takers;
        private final ByteBuffer answer;

        Reader(Supplier<BodyReader> takers, ByteBuffer answer) {
            this.takers = takers;
            this.answer = answer;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            read(request, response, callback, takers.get());
            return true;
        }

        private void read(Request request, Response response, Callback callback, BodyReader taker) {
            for (var chunk = request.read(); chunk != null; chunk = request.read()) {
                if (Content.Chunk.isFailure(chunk)) {
                    callback.failed(chunk.getFailure());
                    return;
                }
                var last = chunk.isLast();
                taker.read(chunk.getByteBuffer());
                chunk.release();
                if (last) {
                    taker.whole(() -> answer(response, callback));
                    return;
                }
            }
            request.demand(Invocable.from(NON_BLOCKING, () -> read(request, response, callback, taker)));
        }

        private void answer(Response response, Callback callback) {
            if (answer.hasRemaining()) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/xml; charset=utf-8");
            }
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.remaining());
            response.write(true, answer.slice(), callback);
        }
    }
}
