package dev.tidemark.listener.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lets a response end while the thread that found the request malformed still reads from the connection.
@Timeout(120)
final class SerialHttpConnectionTest {
    private final List<Thread> laterReaders = new CopyOnWriteArrayList<>();
    private final List<Thread.State> observed = new CopyOnWriteArrayList<>();

    @Test
    void the_end_of_a_response_to_a_malformed_request_waits_for_the_thread_that_reads() throws Exception {
        var server = new Server();
        var connector = new LocalConnector(server, new SlowReaderFactory());
        server.addConnector(connector);
        server.start();
        try {
            assertThat(connector.getResponse("malformed\r\n\r\n")).startsWith("HTTP/1.1 400 ");
            await().until(() -> !observed.isEmpty());
            assertThat(observed).containsExactly(Thread.State.WAITING);
        } finally {
            server.stop();
        }
    }

    private final class SlowReaderFactory extends HttpConnectionFactory {
        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return configure(new SlowReader(getHttpConfiguration(), connector, endPoint), connector, endPoint);
        }
    }

    /// Connection whose first thread stays in the report of the malformed request until a second one waits for it, or
    /// has read from the connection.
    private final class SlowReader extends SerialHttpConnection {
        SlowReader(HttpConfiguration config, Connector connector, EndPoint endPoint) {
            super(config, connector, endPoint);
        }

        @Override
        public void run() {
            var reader = Thread.ofPlatform().unstarted(super::run);
            laterReaders.add(reader);
            reader.start();
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new RequestHandler() {
                @Override
                public void badMessage(HttpException failure) {
                    super.badMessage(failure);
                    await().until(() -> laterReaders.stream().anyMatch(SlowReader.this::isDecided));
                    laterReaders.forEach(reader -> observed.add(reader.getState()));
                }
            };
        }

        private boolean isDecided(Thread reader) {
            return reader.getState() == Thread.State.WAITING || reader.getState() == Thread.State.TERMINATED;
        }
    }
}
