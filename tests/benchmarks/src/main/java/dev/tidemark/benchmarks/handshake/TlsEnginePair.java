package dev.tidemark.benchmarks.handshake;

import com.sun.management.ThreadMXBean;
import dev.tidemark.benchmarks.server.BenchmarkException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/// Two engines of this process that make a handshake and exchange a request and a response, without a network. Measures
/// the server's half. Used once, by one thread.
final class TlsEnginePair {
    private static final int MAX_STEPS = 20;
    private static final int REQUEST = 1_500;
    private static final int RESPONSE = 300;
    /// Holds all messages of a flight.
    private static final int WIRE = 40_000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Half client;
    private final Half server;

    TlsEnginePair(SSLEngine client, SSLEngine server) {
        var upward = ByteBuffer.allocate(WIRE);
        var downward = ByteBuffer.allocate(WIRE);
        this.client = new Half(client, downward, upward, REQUEST);
        this.server = new Half(server, upward, downward, RESPONSE);
    }

    /// Work of the server's half.
    record Cost(long nanos, long bytes) {
        static final Cost NONE = new Cost(0, 0);

        /// Returns the processor time and memory that the calling thread has used so far.
        static Cost soFar() {
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            return new Cost(threads.getCurrentThreadCpuTime(), threads.getCurrentThreadAllocatedBytes());
        }

        Cost plus(Cost more) {
            return new Cost(nanos + more.nanos, bytes + more.bytes);
        }

        Cost since(Cost before) {
            return new Cost(nanos - before.nanos, bytes - before.bytes);
        }
    }

    /// Runs until the client has the response.
    Cost run() throws SSLException {
        var cost = Cost.NONE;
        for (var step = 0; step < MAX_STEPS; step++) {
            client.run(true);
            if (client.isAnswered()) {
                return cost;
            }
            var before = Cost.soFar();
            server.run(server.isAnswered());
            cost = cost.plus(Cost.soFar().since(before));
        }
        throw new BenchmarkException("The engines did not finish their exchange.");
    }

    private static final class Half {
        private final SSLEngine engine;
        private final ByteBuffer in;
        private final ByteBuffer out;
        private final ByteBuffer message;
        private final ByteBuffer received = ByteBuffer.allocate(WIRE);

        Half(SSLEngine engine, ByteBuffer in, ByteBuffer out, int length) {
            this.engine = engine;
            this.in = in;
            this.out = out;
            message = ByteBuffer.allocate(length);
        }

        /// Returns true if the message of the other side has arrived.
        boolean isAnswered() {
            return received.position() > 0;
        }

        /// Works until it needs input.
        void run(boolean sends) throws SSLException {
            while (advance(sends || isAnswered())) {
                // until nothing is left to do
            }
        }

        private boolean advance(boolean sends) throws SSLException {
            return switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> engine.wrap(NOTHING, out).bytesProduced() > 0;
                default -> unwrap() || (sends && send());
            };
        }

        private boolean send() throws SSLException {
            return message.hasRemaining() && engine.wrap(message, out).bytesProduced() > 0;
        }

        private boolean runTasks() {
            for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            return true;
        }

        private boolean unwrap() throws SSLException {
            in.flip();
            try {
                if (!in.hasRemaining()) {
                    return false;
                }
                var result = engine.unwrap(in, received);
                return result.getStatus() == Status.OK;
            } finally {
                in.compact();
            }
        }
    }
}
