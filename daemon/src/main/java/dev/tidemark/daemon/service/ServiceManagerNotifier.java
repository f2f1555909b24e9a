package dev.tidemark.daemon.service;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports readiness, life and stop to the service manager that started the process, by the protocol of
/// `sd_notify(3)`. Does nothing if no service manager asks for it. Created by `tidemark run`. Thread-safe.
public final class ServiceManagerNotifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManagerNotifier.class);

    /// Calls per period of the watchdog, so that one slow check does not end the process.
    private static final int CALLS_PER_PERIOD = 3;

    /// Interval of the calls during the start, and the time that each adds. A start may have to back up a large
    /// store, or to wait for a full disk.
    private static final Duration START_CALLS = Duration.ofSeconds(20);

    private static final Duration START_EXTENSION = Duration.ofSeconds(90);

    /// Ends a start that hangs. The same limit as in the Helm chart.
    private static final Duration START_LIMIT = Duration.ofHours(1);

    private final Optional<NotifySocket> socket;
    private final Optional<Duration> watchdogPeriod;
    private volatile Optional<WatchdogTimer> start = Optional.empty();
    private volatile Optional<WatchdogTimer> watchdog = Optional.empty();

    private ServiceManagerNotifier(Optional<NotifySocket> socket, Optional<Duration> watchdogPeriod) {
        this.socket = socket;
        this.watchdogPeriod = watchdogPeriod;
    }

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    public static ServiceManagerNotifier of(Function<String, Optional<String>> variables) {
        var own = variables
                .apply("WATCHDOG_PID")
                .map(String.valueOf(ProcessHandle.current().pid())::equals)
                .orElse(true);
        var period = variables.apply("WATCHDOG_USEC").filter(ignored -> own).flatMap(ServiceManagerNotifier::duration);
        return new ServiceManagerNotifier(
                variables.apply("NOTIFY_SOCKET").flatMap(ServiceManagerNotifier::socket), period);
    }

    private static Optional<NotifySocket> socket(String address) {
        try {
            return Optional.of(new NotifySocket(address));
        } catch (IOException | RuntimeException e) {
            LOG.warn("Failed to use NOTIFY_SOCKET {}: {}; the service manager is not notified", address, e.toString());
            return Optional.empty();
        }
    }

    private static Optional<Duration> duration(String micros) {
        try {
            return Optional.of(Duration.of(Long.parseLong(micros), ChronoUnit.MICROS))
                    .filter(Duration::isPositive);
        } catch (NumberFormatException e) {
            LOG.warn("WATCHDOG_USEC is not a number; not calling the watchdog: {}", micros);
            return Optional.empty();
        }
    }

    /// Extends the time limit of the start until the daemon is ready, for at most an hour.
    public void starting() {
        starting(START_CALLS, new StartTimeLimit(START_CALLS, START_LIMIT));
    }

    /// @param limit returns a reason once the start takes too long; called before each extension
    void starting(Duration interval, Supplier<Optional<String>> limit) {
        var state = "EXTEND_TIMEOUT_USEC=" + START_EXTENSION.toNanos() / 1000;
        start = socket.map(ignored -> new WatchdogTimer(interval, limit, () -> send(state)));
        start.ifPresent(WatchdogTimer::start);
    }

    /// Reports that the daemon is ready, and calls the watchdog from now on if there is one.
    ///
    /// @param obstacle returns the reason why the daemon must be restarted; empty while it works. May block.
    public void ready(Supplier<Optional<String>> obstacle) {
        start.ifPresent(WatchdogTimer::close);
        send("READY=1\nSTATUS=Accepting callbacks");
        watchdog = socket.flatMap(ignored -> watchdogPeriod)
                .map(period ->
                        new WatchdogTimer(period.dividedBy(CALLS_PER_PERIOD), obstacle, () -> send("WATCHDOG=1")));
        watchdog.ifPresent(WatchdogTimer::start);
    }

    /// Reports that the stop has begun.
    public void stopping() {
        send("STOPPING=1\nSTATUS=Stopping");
    }

    private void send(String state) {
        socket.ifPresent(to -> {
            try {
                to.send(state);
            } catch (IOException e) {
                LOG.warn(
                        "Failed to notify the service manager of {}: {}",
                        state.lines().findFirst().orElse(""),
                        e.getMessage());
            }
        });
    }

    /// Ends the calls of the watchdog.
    @Override
    public void close() {
        start.ifPresent(WatchdogTimer::close);
        watchdog.ifPresent(WatchdogTimer::close);
    }
}
