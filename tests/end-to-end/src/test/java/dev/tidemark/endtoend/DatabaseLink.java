package dev.tidemark.endtoend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// Network between a node and the servers of its store. It can delay each packet, or pass none, as a network does that
/// loses all of them. Thread-safe.
final class DatabaseLink implements AutoCloseable {
    private static final Pattern SERVER = Pattern.compile("localhost:(\\d+)");
    private static final Duration POLL = Duration.ofMillis(20);

    private final String url;
    private final List<TcpRelay> relays = new ArrayList<>();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean isStalled;

    /// @param store URL of the store, with the servers' ports
    DatabaseLink(String store) {
        url = SERVER.matcher(store).replaceAll(server -> "localhost:" + relayTo(Integer.parseInt(server.group(1))));
    }

    /// Returns the URL of the store through this link.
    String url() {
        return url;
    }

    /// Delays each packet from now on, in both directions.
    void delay(Duration time) {
        delay = time;
    }

    /// Passes no packet until [#proceed].
    void stall() {
        isStalled = true;
    }

    void proceed() {
        isStalled = false;
    }

    private int relayTo(int port) {
        var relay = new TcpRelay(() -> TcpRelay.connect(port), this::awaitPassage);
        relays.add(relay);
        return relay.port();
    }

    private void awaitPassage() {
        LockSupport.parkNanos(delay.toNanos());
        while (isStalled) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    @Override
    public void close() {
        proceed();
        relays.forEach(TcpRelay::close);
    }
}
