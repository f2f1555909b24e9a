package dev.tidemark.listener;

import dev.tidemark.store.model.AttemptId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Attempt of no mailbox, to test whether Exchange reaches the listener. Its first callback gets the response
/// Unsubscribe, which ends the subscription, and nothing is stored. [CallbackListener#openProbe] creates it; the
/// caller closes it. Thread-safe.
public final class CallbackProbe implements AutoCloseable {
    private final AttemptId attempt;
    private final Runnable release;
    private final CompletableFuture<ProbeCallback> callback = new CompletableFuture<>();

    CallbackProbe(AttemptId attempt, Runnable release) {
        this.attempt = attempt;
        this.release = release;
    }

    /// Returns the attempt that the token of the callback URL must prove.
    public AttemptId attempt() {
        return attempt;
    }

    /// Waits for the first callback, at most for `limit`.
    public Optional<ProbeCallback> await(Duration limit) throws InterruptedException {
        try {
            return Optional.of(callback.get(Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS));
        } catch (TimeoutException expected) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void complete(ProbeCallback received) {
        callback.complete(received);
    }

    /// Stops waiting. A later callback still gets the response Unsubscribe.
    @Override
    public void close() {
        release.run();
    }

    /// First callback of a [CallbackProbe].
    ///
    /// @param clientAddress address of the caller, behind trusted proxies
    public record ProbeCallback(String clientAddress, Instant receivedAt) {}
}
