package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import org.jspecify.annotations.Nullable;

/// Connection that performs a full TLS handshake for each request, without session resumption.
final class TlsLoadConnection implements LoadConnection {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final InetSocketAddress address;
    private final Selector selector;
    private final SSLContext context;
    private final Listener listener;
    private final ByteBuffer request = ByteBuffer.allocate(8 * 1024);
    private final ByteBuffer incoming = ByteBuffer.allocate(36 * 1024);
    private final ByteBuffer outgoing = ByteBuffer.allocate(36 * 1024);
    private final ByteBuffer plain = ByteBuffer.allocate(36 * 1024);
    private final ResponseReader reader = new ResponseReader();
    private @Nullable Session session;

    private record Session(SocketChannel channel, SelectionKey key, SSLEngine engine) {}

    TlsLoadConnection(InetSocketAddress address, Selector selector, SSLContext context, Listener listener) {
        this.address = address;
        this.selector = selector;
        this.context = context;
        this.listener = listener;
    }

    @Override
    public void send(byte[] bytes, int length) throws IOException {
        reader.reset();
        request.clear().put(bytes, 0, length).flip();
        incoming.clear().flip();
        outgoing.clear();
        // an engine without a peer finds no session to resume
        var engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var connected = channel.connect(address);
        var key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        var fresh = new Session(channel, key, engine);
        session = fresh;
        if (connected) {
            advance(fresh);
        }
    }

    @Override
    public void ready() throws IOException {
        var now = session;
        if (now == null || !now.key().isValid()) {
            return;
        }
        if (now.key().isConnectable()) {
            now.channel().finishConnect();
        }
        now.key().interestOps(SelectionKey.OP_READ);
        advance(now);
    }

    /// Advances until only the channel can continue.
    private void advance(Session now) throws IOException {
        while (step(now)) {
            // one step after the other
        }
    }

    private boolean step(Session now) throws IOException {
        if (outgoing.position() > 0 && !flush(now)) {
            return false;
        }
        return switch (now.engine().getHandshakeStatus()) {
            case NEED_TASK -> runTask(now.engine());
            case NEED_WRAP -> wrap(now, NOTHING);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap(now);
            case FINISHED, NOT_HANDSHAKING -> request.hasRemaining() ? wrap(now, request) : unwrap(now);
        };
    }

    private static boolean runTask(SSLEngine engine) {
        engine.getDelegatedTask().run();
        return true;
    }

    private boolean wrap(Session now, ByteBuffer from) throws IOException {
        now.engine().wrap(from, outgoing);
        return true;
    }

    private boolean flush(Session now) throws IOException {
        outgoing.flip();
        now.channel().write(outgoing);
        var all = !outgoing.hasRemaining();
        outgoing.compact();
        if (!all) {
            now.key().interestOps(SelectionKey.OP_WRITE);
        }
        return all;
    }

    private boolean unwrap(Session now) throws IOException {
        plain.clear();
        var result = now.engine().unwrap(incoming, plain);
        if (plain.flip().hasRemaining() && reader.read(plain)) {
            finish(now);
            return false;
        }
        var hungry = result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW || result.bytesConsumed() == 0;
        if (hungry) {
            return receive(now);
        }
        return result.getStatus() != SSLEngineResult.Status.CLOSED || closedEarly();
    }

    private boolean receive(Session now) throws IOException {
        if (now.engine().getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) {
            return true;
        }
        incoming.compact();
        var count = now.channel().read(incoming);
        incoming.flip();
        return count < 0 ? closedEarly() : count > 0;
    }

    private boolean closedEarly() {
        close();
        listener.failed(new IOException("The server closed a TLS connection before a complete response."));
        return false;
    }

    private void finish(Session now) throws IOException {
        now.engine().closeOutbound();
        wrap(now, NOTHING);
        flush(now);
        close();
        listener.onResponse(reader);
    }

    @Override
    public void close() {
        var now = session;
        session = null;
        if (now != null) {
            QuietCloser.close(now.channel());
        }
    }
}
