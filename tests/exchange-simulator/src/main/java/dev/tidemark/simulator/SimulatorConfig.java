package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.throttle.AccountLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Settings of a simulated Exchange. Port 0 selects a free port on loopback. Without a login, every request is
/// allowed. `seed` determines random choices and ids. `speed` divides the intervals of push: at 60, a minute of
/// StatusFrequency takes a second; timestamps stay true. Mailboxes are spread over `servers`.
public record SimulatorConfig(
        int port,
        Optional<Login> login,
        long seed,
        double speed,
        Push push,
        int servers,
        Access access,
        AccountLimits limits) {
    /// Required Basic credentials.
    public record Login(String username, String password) {
        @Override
        public String toString() {
            return "Login[username=" + username + ", password=redacted]";
        }
    }

    /// Settings of callbacks.
    ///
    /// @param batch maximum number of events
    /// @param timeout limit for the response
    /// @param perConnection callbacks until a connection is closed; 1 as Exchange does
    /// @param retries reading of Microsoft's retry table
    public record Push(int batch, Duration timeout, int perConnection, NotificationRetrySchedule.Reading retries) {
        /// Number of callbacks per connection that never closes one.
        public static final int UNLIMITED = Integer.MAX_VALUE;

        public Push {
            if (perConnection < 1) {
                throw new SimulatorException("Wrong number of callbacks per connection: " + perConnection
                        + "; use 1 for a new connection each, or more.");
            }
        }

        public Push(int batch, Duration timeout, int perConnection) {
            this(batch, timeout, perConnection, NotificationRetrySchedule.Reading.TOTAL);
        }
    }

    /// Settings of requests: the address to listen on, whether a mailbox is created when a request names it, and
    /// whether the server speaks TLS with a self-signed certificate.
    ///
    /// @param requests receives each request, in the request's thread
    /// @param bodies receives the documents of each request and its response, of each envelope of a stream, and of
    /// each callback and its answer; in the thread that sends or receives them
    public record Access(
            String bind,
            boolean anyMailbox,
            boolean tls,
            Consumer<LoggedRequest> requests,
            BiConsumer<String, String> bodies) {
        public Access(String bind, boolean anyMailbox, Consumer<LoggedRequest> requests) {
            this(bind, anyMailbox, false, requests, (request, response) -> {});
        }

        /// Returns access from this machine only, to the mailboxes that were added.
        public static Access local() {
            return new Access("127.0.0.1", false, request -> {});
        }

        /// Returns a copy whose server speaks TLS.
        public Access withTls() {
            return new Access(bind, anyMailbox, true, requests, bodies);
        }

        /// Returns a copy with a listener for documents.
        public Access withBodies(BiConsumer<String, String> listener) {
            return new Access(bind, anyMailbox, tls, requests, listener);
        }
    }

    public static SimulatorConfig defaults() {
        return new SimulatorConfig(
                0,
                Optional.empty(),
                1,
                1,
                new Push(50, Duration.ofSeconds(20), 1),
                1,
                Access.local(),
                AccountLimits.none());
    }

    /// Returns a copy with a listener for the documents of requests, responses and callbacks.
    public SimulatorConfig withBodies(BiConsumer<String, String> listener) {
        return withAccess(access.withBodies(listener));
    }

    public SimulatorConfig withAccess(Access other) {
        return new SimulatorConfig(port, login, seed, speed, push, servers, other, limits);
    }

    /// Returns a copy that creates each mailbox that a request names.
    public SimulatorConfig withAnyMailbox() {
        return withAccess(new Access(access.bind(), true, access.tls(), access.requests(), access.bodies()));
    }

    /// Returns a copy whose server speaks TLS.
    public SimulatorConfig withTls() {
        return withAccess(access.withTls());
    }

    public SimulatorConfig onPort(int other) {
        return new SimulatorConfig(other, login, seed, speed, push, servers, access, limits);
    }

    public SimulatorConfig withLogin(String username, String password) {
        return new SimulatorConfig(
                port, Optional.of(new Login(username, password)), seed, speed, push, servers, access, limits);
    }

    public SimulatorConfig withSeed(long other) {
        return new SimulatorConfig(port, login, other, speed, push, servers, access, limits);
    }

    public SimulatorConfig withSpeed(double other) {
        return new SimulatorConfig(port, login, seed, other, push, servers, access, limits);
    }

    /// Returns a copy with this number of servers for the mailboxes, 1 to 99.
    public SimulatorConfig withServers(int other) {
        if (other < 1 || other > 99) {
            throw new SimulatorException("Wrong number of servers: " + other + "; use 1 to 99.");
        }
        return new SimulatorConfig(port, login, seed, speed, push, other, access, limits);
    }

    /// Returns a copy with these limits; by default there are none but for subscriptions and history.
    public SimulatorConfig withLimits(AccountLimits other) {
        return new SimulatorConfig(port, login, seed, speed, push, servers, access, other);
    }

    public SimulatorConfig withPush(Push other) {
        return new SimulatorConfig(port, login, seed, speed, other, servers, access, limits);
    }

    /// Returns a copy that closes a connection to a listener after this number of callbacks.
    public SimulatorConfig withCallbacksPerConnection(int number) {
        return withPush(new Push(push.batch(), push.timeout(), number, push.retries()));
    }
}
