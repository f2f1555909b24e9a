package dev.tidemark.benchmarks;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import javax.net.ssl.SSLContext;

/// Where requests go, and how.
record Target(InetSocketAddress address, Transport transport, SSLContext trust) {
    Lane lane(Selector selector, ByteBuffer input, Lane.Listener listener) {
        return switch (transport) {
            case KEPT -> new PlainLane(address, selector, true, input, listener);
            case NEW -> new PlainLane(address, selector, false, input, listener);
            case NEW_TLS -> new TlsLane(address, selector, trust, listener);
        };
    }
}
