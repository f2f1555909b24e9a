package dev.tidemark.simulator.throttle;

import dev.tidemark.simulator.soap.SoapFaultException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Limits the requests or streams that each owner has open. Thread-safe.
public final class ConnectionBudget {
    private final ConcurrentMap<String, Integer> open = new ConcurrentHashMap<>();
    private final int limit;

    /// @param limit limit per owner; 0: no limit
    public ConnectionBudget(int limit) {
        this.limit = limit;
    }

    /// Open request or stream; closing it makes room for another one.
    public interface ConnectionPermit extends AutoCloseable {
        @Override
        void close();
    }

    /// Opens one more. Throws [SoapFaultException] with ErrorExceededConnectionCount beyond the limit.
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
