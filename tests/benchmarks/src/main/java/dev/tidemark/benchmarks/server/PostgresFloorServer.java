package dev.tidemark.benchmarks.server;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures the cost of durability on PostgreSQL alone: inserts one row for all waiting bodies, commits it and then
/// answers them. The row has as many bytes as a row of Tidemark's journal with as many events. It does not parse
/// bodies.
final class PostgresFloorServer implements MeasuredServer {
    /// Bytes of an event in Tidemark's journal, for the notifications of this benchmark.
    private static final int EVENT_BYTES = 326;

    private static final String INSERT = "INSERT INTO bodies (events, body) VALUES (?, ?)";

    private final List<Body> waiting = new ArrayList<>();
    private final Connection connection;
    private final PreparedStatement insert;
    private final JettyHost host;
    private final Thread writer = Thread.ofPlatform().name("floor-writer").unstarted(this::run);
    private boolean closed;

    /// @param url of the server, with user, password and a schema that does not exist yet
    PostgresFloorServer(byte[] answer, String url) throws SQLException {
        connection = DriverManager.getConnection(url);
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + url.replaceFirst(".*currentSchema=", ""));
            statement.execute("CREATE TABLE bodies (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " events bigint, body bytea)");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement(INSERT);
        writer.start();
        host = JettyHost.start(Body::new, answer);
    }

    @Override
    public int port() {
        return host.port();
    }

    @Override
    public Account stop() {
        host.close();
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        try (connection) {
            writer.join();
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT coalesce(sum(events), 0) FROM bodies")) {
                rows.next();
                return new Account(rows.getLong(1), 0, 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("Interrupted while a server stopped.", e);
        } catch (SQLException e) {
            throw new BenchmarkException("The rows of the floor cannot be counted: " + e.getMessage(), e);
        }
    }

    private final class Body implements JettyHost.BodyReader {
        private byte[] bytes = {};
        private Runnable answer = () -> {};

        @Override
        public void read(ByteBuffer some) {
            var before = bytes.length;
            bytes = Arrays.copyOf(bytes, before + some.remaining());
            some.get(bytes, before, bytes.length - before);
        }

        @Override
        public void whole(Runnable answering) {
            answer = answering;
            synchronized (waiting) {
                waiting.add(this);
                waiting.notifyAll();
            }
        }
    }

    private void run() {
        try {
            for (var batch = next(); !batch.isEmpty(); batch = next()) {
                append(batch);
                batch.forEach(each -> each.answer.run());
            }
        } catch (SQLException e) {
            throw new BenchmarkException("The floor cannot insert: " + e.getMessage(), e);
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Body> next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty() && !closed) {
                waiting.wait();
            }
            var batch = List.copyOf(waiting);
            waiting.clear();
            return batch;
        }
    }

    private void append(List<Body> batch) throws SQLException {
        var row = ByteBuffer.allocate(batch.size() * EVENT_BYTES);
        batch.forEach(each -> row.put(each.bytes, 0, EVENT_BYTES));
        insert.setLong(1, batch.size());
        insert.setBytes(2, row.array());
        insert.executeUpdate();
        connection.commit();
    }
}
