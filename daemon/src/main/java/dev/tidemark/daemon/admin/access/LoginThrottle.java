package dev.tidemark.daemon.admin.access;

import dev.tidemark.values.LogLineLimiter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Limits the wrong tokens that are recorded, per client address: after [#MAX_FAILURES], one per second.
/// Remembers a bounded number of addresses. An IPv6 client counts as its network of 64 bits, of which it may
/// use all addresses. Called by the threads of requests. Thread-safe.
public final class LoginThrottle {
    /// Wrong tokens of an address at once.
    public static final int MAX_FAILURES = 30;

    private static final Logger LOG = LoggerFactory.getLogger(LoginThrottle.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final long FULL = MAX_FAILURES * INTERVAL.toMillis();
    private static final int MAX_ADDRESSES = 10_000;
    private static final int NETWORK_BYTES = 8;

    private final Clock clock;
    private final LoginMeter meter;
    private final LogLineLimiter lines = new LogLineLimiter();
    private final Map<String, FailedLogins> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FailedLogins> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /// Failures of an address that still count.
    ///
    /// @param countsUntil time in milliseconds at which the last of them no longer counts
    /// @param reported true if the log has a line about them
    private record FailedLogins(long countsUntil, boolean reported) {
        long millisLeft(long now) {
            // a clock that was set back must not lock an address out
            return Math.clamp(countsUntil - now, 0, FULL);
        }
    }

    /// @param meter counts refused requests
    public LoginThrottle(Clock clock, LoginMeter meter) {
        this.clock = clock;
        this.meter = meter;
    }

    /// Counts of refused requests.
    public interface LoginMeter {
        /// Meter that counts nothing.
        LoginMeter NONE = new LoginMeter() {
            @Override
            public void countInvalid() {
                // not counted
            }

            @Override
            public void countThrottled() {
                // not counted
            }
        };

        void countInvalid();

        void countThrottled();
    }

    /// Returns the time after which the next wrong token of the address gets 401 again; empty if it does now.
    public synchronized Optional<Duration> delay(String address) {
        var before = failures.get(networkOf(address));
        if (before == null) {
            return Optional.empty();
        }
        var over = before.millisLeft(clock.millis()) - (FULL - INTERVAL.toMillis());
        if (over <= 0) {
            return Optional.empty();
        }
        meter.countThrottled();
        return Optional.of(Duration.ofMillis(over));
    }

    /// Records a wrong token.
    public synchronized void recordFailure(String address) {
        meter.countInvalid();
        var now = clock.millis();
        var network = networkOf(address);
        var before = failures.getOrDefault(network, new FailedLogins(now, false));
        var left = before.millisLeft(now);
        var isFull = left + INTERVAL.toMillis() > FULL - INTERVAL.toMillis();
        if (isFull && !before.reported()) {
            report(network);
        }
        var reported = isFull || (before.reported() && left > 0);
        failures.put(network, new FailedLogins(now + Math.min(FULL, left + INTERVAL.toMillis()), reported));
    }

    private void report(String network) {
        lines.admit(clock.instant())
                .ifPresent(omitted -> LOG.warn(
                        "{} sent {} wrong tokens to the admin API; limiting its wrong tokens to one per second. Give the"
                                + " client a current token, or block it by a firewall{}",
                        network,
                        MAX_FAILURES,
                        LogLineLimiter.suffix(omitted)));
    }

    /// Returns the number of addresses that are remembered.
    synchronized int addresses() {
        return failures.size();
    }

    private static String networkOf(String address) {
        try {
            return InetAddress.ofLiteral(address) instanceof Inet6Address six
                    ? HexFormat.ofDelimiter(":").formatHex(six.getAddress(), 0, NETWORK_BYTES) + "::/64"
                    : address;
        } catch (IllegalArgumentException notNumeric) {
            return address;
        }
    }
}
