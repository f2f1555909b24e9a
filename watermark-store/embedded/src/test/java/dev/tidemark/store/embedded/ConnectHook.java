package dev.tidemark.store.embedded;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// JDBC driver for H2 databases in memory that runs a task before a connection is made.
final class ConnectHook implements Driver, AutoCloseable {
    private static final String PREFIX = "jdbc:hooked:";

    private final AtomicReference<Runnable> next = new AtomicReference<>(() -> {});

    ConnectHook() throws SQLException {
        DriverManager.registerDriver(this);
    }

    IndexPlace place(String name) {
        return new IndexPlace(PREFIX + "h2:mem:" + name, Optional.empty());
    }

    /// Runs `work` once, before the next connection.
    void beforeNext(Runnable work) {
        next.set(work);
    }

    @Override
    public @Nullable Connection connect(String url, Properties properties) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        next.getAndSet(() -> {}).run();
        return DriverManager.getConnection("jdbc:" + url.substring(PREFIX.length()), properties);
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
    }
}
