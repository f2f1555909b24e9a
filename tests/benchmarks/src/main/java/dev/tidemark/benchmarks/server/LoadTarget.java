package dev.tidemark.benchmarks.server;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import javax.net.ssl.SSLContext;

/// Address and connection mode of requests.
record LoadTarget(InetSocketAddress address, ConnectionMode transport, SSLContext trust) {
    LoadConnection connect(Selector selector, ByteBuffer input, LoadConnection.Listener listener) {
        return switch (transport) {
            case KEPT -> new PlainLoadConnection(address, selector, true, input, listener);
            case NEW -> new PlainLoadConnection(address, selector, false, input, listener);
            case NEW_TLS -> new TlsLoadConnection(address, selector, trust, listener);
        };
    }
}
