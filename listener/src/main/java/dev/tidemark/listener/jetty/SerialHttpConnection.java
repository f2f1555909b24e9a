package dev.tidemark.listener.jetty;

import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;

/// HTTP/1.1 connection whose requests are read by one thread at a time. The threads of Jetty call it.
///
/// Jetty (12.1.14) responds to a malformed request on another thread. The end of that response starts the next read,
/// while the first thread still uses the buffer of the request and then releases it. Then two connections share one
/// buffer, and each executes requests of the other.
public class SerialHttpConnection extends HttpConnection {
    private final ReentrantLock reading = new ReentrantLock();

    protected SerialHttpConnection(HttpConfiguration config, Connector connector, EndPoint endPoint) {
        super(config, connector, endPoint);
    }

    @Override
    public void onFillable() {
        reading.lock();
        try {
            super.onFillable();
        } finally {
            reading.unlock();
        }
    }
}
