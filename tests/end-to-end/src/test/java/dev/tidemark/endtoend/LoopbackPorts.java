package dev.tidemark.endtoend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Allocates free loopback ports for servers that keep their port across a restart. Allocates them in order,
/// below the kernel's range for outgoing connections, so that no connection occupies one before its server
/// listens.
final class LoopbackPorts {
    private static final int FIRST = 15_000;
    private static final int COUNT = 15_000;
    private static final AtomicInteger TURN =
            new AtomicInteger((int) (ProcessHandle.current().pid() % COUNT));

    private LoopbackPorts() {}

    static int free() {
        return IntStream.range(0, COUNT)
                .map(ignored -> FIRST + TURN.getAndIncrement() % COUNT)
                .filter(LoopbackPorts::isFree)
                .findFirst()
                .orElseThrow();
    }

    static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
