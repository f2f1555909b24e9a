package dev.tidemark.benchmarks.server;

import java.nio.ByteBuffer;

/// Measures the cost of HTTP alone: reads bodies and drops them.
final class BareServer implements MeasuredServer {
    private static final JettyHost.BodyReader FORGETFUL = new JettyHost.BodyReader() {
        @Override
        public void read(ByteBuffer some) {
            some.position(some.limit());
        }

        @Override
        public void whole(Runnable answer) {
            answer.run();
        }
    };

    private final JettyHost host;

    BareServer(byte[] answer) {
        host = JettyHost.start(() -> FORGETFUL, answer);
    }

    @Override
    public int port() {
        return host.port();
    }

    @Override
    public Account stop() {
        host.close();
        return Account.NOTHING;
    }
}
