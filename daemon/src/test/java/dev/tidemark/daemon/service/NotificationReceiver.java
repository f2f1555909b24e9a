package dev.tidemark.daemon.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Service manager's end of the notification socket: a UNIX datagram socket that collects messages on its own thread.
public final class NotificationReceiver implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int LONGEST = 4_096;
    private static final String END = "END";

    private final String path;
    private final int socket;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::receive);

    private NotificationReceiver(String path, int socket) {
        this.path = path;
        this.socket = socket;
    }

    /// Binds the socket to a path, which may begin with `@` for the abstract namespace.
    public static NotificationReceiver at(String path) {
        var socket =
                call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), AF_UNIX, SOCK_DGRAM, 0);
        try (var arena = Arena.ofConfined()) {
            var bytes = path.getBytes(StandardCharsets.UTF_8);
            var address = arena.allocate(2 + bytes.length, 2);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 2, bytes.length);
            if (path.startsWith("@")) {
                address.set(JAVA_BYTE, 2, (byte) 0);
            }
            var bound = call(
                    "bind",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                    socket,
                    address,
                    2 + bytes.length);
            if (bound != 0) {
                throw new IllegalStateException("cannot bind " + path);
            }
        }
        var receiver = new NotificationReceiver(path, socket);
        receiver.thread.start();
        return receiver;
    }

    /// Binds the socket in a folder.
    public static NotificationReceiver in(Path folder) {
        return at(folder.resolve("notify").toString());
    }

    public String path() {
        return path;
    }

    /// Returns the messages so far.
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /// Sends a message to this receiver. Messages arrive in the order in which they were sent.
    public void send(String message) {
        try {
            new NotifySocket(path).send(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive() {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(LONGEST);
            var signature = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
            while (true) {
                var length = (long) handle("recv", signature).invoke(socket, buffer, (long) LONGEST, 0);
                var text = new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
                if (text.equals(END)) {
                    return;
                }
                messages.add(text);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static int call(String name, FunctionDescriptor signature, Object... arguments) {
        try {
            return (int) handle(name, signature).invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor signature) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
    }

    @Override
    public void close() {
        send(END);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), socket);
    }
}
