package dev.tidemark.daemon.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// Datagram socket of a service manager on Linux. Java opens UNIX sockets for streams only, so this class calls the
/// system's C library. Thread-safe.
final class NotifySocket {
    /// Values of Linux on every processor that Java 25 supports.
    private static final short AF_UNIX = 1;

    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;

    private static final int PATH_OFFSET = Short.BYTES;
    private static final int MAX_PATH = 107;

    private final byte[] path;

    /// Functions of the C library, linked at the first message, because that takes longer than a message.
    private static final class LibraryFunctions {
        private static final MethodHandle SOCKET =
                link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        private static final MethodHandle SENDTO = link(
                "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

        private LibraryFunctions() {}

        /// The launcher enables native access.
        @SuppressWarnings("restricted")
        private static MethodHandle link(String name, FunctionDescriptor signature) {
            var linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
        }
    }

    /// @param address value of `NOTIFY_SOCKET`: a path, or `@` and a name in the abstract namespace
    /// @throws IOException if the address is longer than the system allows
    NotifySocket(String address) throws IOException {
        path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length > MAX_PATH) {
            throw new IOException("an address has 1 to " + MAX_PATH + " bytes");
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
    }

    /// Sends one datagram.
    ///
    /// @throws IOException if the service manager does not receive it
    void send(String state) throws IOException {
        try (var arena = Arena.ofConfined()) {
            send(arena.allocateFrom(JAVA_BYTE, state.getBytes(StandardCharsets.UTF_8)), address(arena));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable e) { // also of a JVM that refuses native access
            throw new IOException(e);
        }
    }

    private void send(MemorySegment message, MemorySegment address) throws Throwable {
        var file = (int) LibraryFunctions.SOCKET.invokeExact((int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (file < 0) {
            throw new IOException("the system opens no socket");
        }
        try {
            var sent = (long) LibraryFunctions.SENDTO.invokeExact(
                    file, message, message.byteSize(), MSG_NOSIGNAL, address, Math.toIntExact(address.byteSize()));
            if (sent != message.byteSize()) {
                throw new IOException("the socket accepts no message");
            }
        } finally {
            var ignored = (int) LibraryFunctions.CLOSE.invokeExact(file);
        }
    }

    /// Returns a `sockaddr_un` without the bytes after the path.
    private MemorySegment address(Arena arena) {
        var address = arena.allocate(PATH_OFFSET + path.length, Short.BYTES);
        address.set(JAVA_SHORT, 0, AF_UNIX);
        MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH_OFFSET, path.length);
        return address;
    }
}
