package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.SimulatorException;
import java.time.Duration;
import java.util.Optional;

/// How a simulated Exchange runs. Port 0 takes a free one, on loopback. Without a login anyone may ask.
/// `seed` decides chance and ids. `speed` divides the intervals of push: at 60 a minute of StatusFrequency
/// is a second; time stamps stay true. Mailboxes are spread over `servers`.
public record SimulatorConfig(int port, Optional<Login> login, long seed, double speed, Push push, int servers) {
    /// What Basic authentication must bring.
    public record Login(String username, String password) {
        @Override
        public String toString() {
            return "Login[username=" + username + ", password=redacted]";
        }
    }

    /// How call-backs are sent: events in one at most, how long an answer may take, and whether a connection
    /// is used again, which Exchange does not.
    public record Push(int batch, Duration timeout, boolean keepAlive) {}

    public static SimulatorConfig defaults() {
        return new SimulatorConfig(0, Optional.empty(), 1, 1, new Push(50, Duration.ofSeconds(20), false), 1);
    }

    public SimulatorConfig onPort(int other) {
        return new SimulatorConfig(other, login, seed, speed, push, servers);
    }

    public SimulatorConfig withLogin(String username, String password) {
        return new SimulatorConfig(port, Optional.of(new Login(username, password)), seed, speed, push, servers);
    }

    public SimulatorConfig withSeed(long other) {
        return new SimulatorConfig(port, login, other, speed, push, servers);
    }

    public SimulatorConfig withSpeed(double other) {
        return new SimulatorConfig(port, login, seed, other, push, servers);
    }

    /// How many servers share the mailboxes, 1 to 99.
    public SimulatorConfig withServers(int other) {
        if (other < 1 || other > 99) {
            throw new SimulatorException("There can be 1 to 99 servers, not " + other + ".");
        }
        return new SimulatorConfig(port, login, seed, speed, push, other);
    }

    public SimulatorConfig withPush(Push other) {
        return new SimulatorConfig(port, login, seed, speed, other, servers);
    }
}
