package dev.tidemark.listener.jetty;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/// Creates a [SerialHttpConnection] for each client of a Jetty server.
public class SerialHttpConnectionFactory extends HttpConnectionFactory {
    public SerialHttpConnectionFactory(HttpConfiguration config) {
        super(config);
        // Jetty's cache of headers takes 96 KiB of heap for each kept connection, more than all else of it
        config.setHeaderCacheSize(0);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new SerialHttpConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
    }
}
