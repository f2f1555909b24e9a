package dev.tidemark.simulator.throttle;

import dev.tidemark.simulator.soap.SoapFaultException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Counts what each owner has open, and refuses more than a limit. Thread-safe.
public final class ConnectionBudget {
    private final ConcurrentMap<String, Integer> open = new ConcurrentHashMap<>();
    private final int limit;

    /// @param limit the most that one owner may have open; 0: no limit
    public ConnectionBudget(int limit) {
        this.limit = limit;
    }

    /// Something open, until it is closed.
    public interface ConnectionPermit extends AutoCloseable {
        @Override
        void close();
    }

    /// Enters one more. Throws [SoapFaultException] with ErrorExceededConnectionCount beyond the limit; then nothing
    /// was entered.
    public ConnectionPermit enter(String owner) {
        if (AccountLimits.exceeds(open.merge(owner, 1, Integer::sum), limit)) {
            leave(owner);
            throw new SoapFaultException(
                    "ErrorExceededConnectionCount",
                    "You have exceeded the available concurrent connections for your account. Try again once your"
                            + " other requests have completed.");
        }
        var closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                leave(owner);
            }
        };
    }

    private void leave(String owner) {
        open.computeIfPresent(owner, (key, count) -> count > 1 ? count - 1 : null);
    }
}
