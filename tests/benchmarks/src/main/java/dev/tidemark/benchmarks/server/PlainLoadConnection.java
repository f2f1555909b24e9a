package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// Connection over plain TCP, kept or opened again for each request.
final class PlainLoadConnection implements LoadConnection {
    private final InetSocketAddress address;
    private final Selector selector;
    private final boolean kept;
    private final ByteBuffer input;
    private final Listener listener;
    private final ByteBuffer output = ByteBuffer.allocateDirect(8 * 1024);
    private final ResponseReader reader = new ResponseReader();
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;

    /// `input` may be shared by all connections of a thread.
    PlainLoadConnection(
            InetSocketAddress address, Selector selector, boolean kept, ByteBuffer input, Listener listener) {
        this.address = address;
        this.selector = selector;
        this.kept = kept;
        this.input = input;
        this.listener = listener;
    }

    @Override
    public void send(byte[] request, int length) throws IOException {
        reader.reset();
        output.clear().put(request, 0, length).flip();
        var open = channel;
        if (open == null) {
            connect();
        } else {
            write(open);
        }
    }

    private void connect() throws IOException {
        var fresh = SocketChannel.open();
        channel = fresh;
        fresh.configureBlocking(false);
        fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var connected = fresh.connect(address);
        key = fresh.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        if (connected) {
            write(fresh);
        }
    }

    @Override
    public void ready() throws IOException {
        var open = channel;
        var mine = key;
        if (open == null || mine == null || !mine.isValid()) {
            return;
        }
        if (mine.isConnectable() && open.finishConnect()) {
            mine.interestOps(SelectionKey.OP_READ);
            write(open);
        } else if (mine.isWritable()) {
            mine.interestOps(SelectionKey.OP_READ);
            write(open);
        } else if (mine.isReadable()) {
            read(open);
        }
    }

    private void write(SocketChannel open) throws IOException {
        open.write(output);
        if (output.hasRemaining() && key != null) {
            key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    private void read(SocketChannel open) throws IOException {
        input.clear();
        var count = open.read(input);
        var whole = count < 0 ? reader.wholeAtEnd() : reader.read(input.flip());
        if (whole) {
            if (!kept || count < 0) {
                close();
            }
            listener.onResponse(reader);
        } else if (count < 0) {
            close();
            listener.failed(new IOException("The server closed a connection before a complete response."));
        }
    }

    @Override
    public void close() {
        var open = channel;
        channel = null;
        key = null;
        if (open != null) {
            QuietCloser.close(open);
        }
    }
}
