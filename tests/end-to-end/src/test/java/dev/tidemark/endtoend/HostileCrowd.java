package dev.tidemark.endtoend;

import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Clients that repeat their attacks until they are closed, from an address other than that of the simulated Exchange.
final class HostileCrowd implements AutoCloseable {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.66");
    private static final int TIMEOUT_MILLIS = 60_000;

    /// Pauses over which the clients of each kind begin. If all began at once, their handshakes would take the
    /// processors, which belong to the attackers' machines in reality.
    private static final int START_PAUSES = 3;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> attacks = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    /// Limits the connections that are being opened. If all clients negotiated TLS at once on a busy machine, none
    /// would
    /// finish before the daemon closes it, and none would attack.
    private final Semaphore opening = new Semaphore(4 * Runtime.getRuntime().availableProcessors());

    private final SSLSocketFactory tls =
            TestIdentity.trusting(new AnyServerTrust()).getSocketFactory();
    private final Duration pause;

    /// Attack over one connection.
    @FunctionalInterface
    interface Attack {
        /// Returns when the connection is of no more use.
        ///
        /// @throws IOException if the daemon closed it
        void run(HostileClient client) throws IOException, InterruptedException;
    }

    /// @param pause time of each client between two connections, which leaves the processor to the daemon
    HostileCrowd(Duration pause) {
        this.pause = pause;
    }

    /// Lets a number of clients attack a port, each with one connection after the other.
    void overTls(String kind, int clients, int port, Attack attack) {
        start(kind, clients, attack, () -> {
            var plain = connect(port);
            var secured = (SSLSocket) tls.createSocket(plain, "127.0.0.1", port, true);
            secured.startHandshake();
            return secured;
        });
    }

    void overTcp(String kind, int clients, int port, Attack attack) {
        start(kind, clients, attack, () -> connect(port));
    }

    /// Returns the number of connections by kind of attack.
    Map<String, LongAdder> attacks() {
        return new TreeMap<>(attacks);
    }

    @FunctionalInterface
    private interface SocketSource {
        Socket open() throws IOException;
    }

    private void start(String kind, int clients, Attack attack, SocketSource source) {
        var count = attacks.computeIfAbsent(kind, ignored -> new LongAdder());
        for (var i = 0; i < clients; i++) {
            var first = pause.multipliedBy(START_PAUSES).multipliedBy(i).dividedBy(clients);
            threads.execute(() -> repeat(attack, source, count, first));
        }
    }

    private void repeat(Attack attack, SocketSource source, LongAdder count, Duration first) {
        try {
            for (var wait = first; !end.await(wait.toMillis(), TimeUnit.MILLISECONDS); wait = pause) {
                count.increment();
                runOnce(attack, source);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runOnce(Attack attack, SocketSource source) throws InterruptedException {
        try (var socket = open(source)) {
            attack.run(new HostileClient(socket, end));
        } catch (IOException closedByTheDaemon) {
            return;
        } finally {
            open.removeIf(Socket::isClosed);
        }
    }

    private Socket open(SocketSource source) throws IOException, InterruptedException {
        opening.acquire();
        try {
            return source.open();
        } finally {
            opening.release();
        }
    }

    private Socket connect(int port) throws IOException {
        var socket = new Socket();
        open.add(socket);
        // a small window, so that a client that reads nothing soon blocks the daemon's writes
        socket.setReceiveBufferSize(4096);
        socket.bind(new InetSocketAddress(ADDRESS, 0));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        return socket;
    }

    @Override
    public void close() {
        end.countDown();
        open.forEach(HostileCrowd::closeQuietly);
        threads.shutdownNow();
        threads.close();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One connection of an attacker.
    record HostileClient(Socket socket, CountDownLatch end) {
        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /// Waits for the end of all attacks; returns true if they ended meanwhile.
        boolean pause(Duration time) throws InterruptedException {
            return end.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }

        /// Waits until this time of [System#nanoTime]; returns true if all attacks ended meanwhile.
        boolean pauseUntil(long nanoTime) throws InterruptedException {
            return pause(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
        }

        /// Sends a byte from time to time, until the daemon closes the connection.
        void trickle() throws IOException, InterruptedException {
            while (!pause(Duration.ofSeconds(1))) {
                send("x");
            }
        }

        /// Keeps the connection open without reading, until the attacks end or the daemon closes it.
        void ignoreResponses(String requests) throws IOException, InterruptedException {
            while (!pause(Duration.ofMillis(200))) {
                send(requests);
            }
        }

        /// Reads until the daemon closes the connection.
        void drain() throws IOException {
            var in = socket.getInputStream();
            var buffer = new byte[4096];
            while (in.read(buffer) >= 0) {
                if (end.getCount() == 0) {
                    return;
                }
            }
        }

        void skip(long bytes) throws IOException {
            socket.getInputStream().skipNBytes(bytes);
        }
    }
}
