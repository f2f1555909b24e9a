package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Runs each request of [HttpEwsClient] on a separate virtual thread, so an interrupt of the caller ends it on any
/// kind of thread. Converts every failure to an error, and asks the [LoginCircuitBreaker] first. Thread-safe; each
/// call blocks its caller.
final class RequestRunner implements AutoCloseable {
    /// Limit of a whole request (pool, connect, response), in timeouts. Without it, a server that sends byte by
    /// byte would hold its connection forever.
    private static final int TIMEOUTS_PER_REQUEST = 4;

    private final LoginCircuitBreaker breaker;
    private final Duration limit;
    private final ExecutorService executor;

    RequestRunner(String connection, Duration timeout, LoginCircuitBreaker breaker) {
        this.breaker = breaker;
        this.limit = timeout.multipliedBy(TIMEOUTS_PER_REQUEST);
        this.executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ews-" + connection + "-", 0).factory());
    }

    /// Runs a request, unless the circuit breaker replaces it by a recent refusal.
    ///
    /// @param mailbox mailbox of the request; empty for autodiscover
    /// @param cancel ends the request from another thread
    <R> EwsResult<R> run(
            Optional<MailboxAddress> mailbox,
            Callable<HttpReply> work,
            Runnable cancel,
            Function<HttpReply, EwsResult<R>> interpret) {
        var refusal = breaker.recentRefusal(mailbox);
        return refusal.isPresent()
                ? new EwsResult.Refused<>(refusal.get())
                : breaker.classify(mailbox, execute(work, cancel, interpret));
    }

    private <R> EwsResult<R> execute(
            Callable<HttpReply> work, Runnable cancel, Function<HttpReply, EwsResult<R>> interpret) {
        try {
            var reply = executor.submit(work);
            return interpret.apply(reply.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            cancel.run();
            Thread.currentThread().interrupt();
            return new EwsResult.Refused<>(HttpErrorClassifier.interrupted());
        } catch (TimeoutException expected) {
            cancel.run();
            return new EwsResult.Refused<>(HttpErrorClassifier.timedOut());
        } catch (RejectedExecutionException | CancellationException e) {
            return new EwsResult.Refused<>(HttpErrorClassifier.closed());
        } catch (ExecutionException e) {
            return new EwsResult.Refused<>(HttpTransport.failure(e.getCause()));
        }
    }

    /// Interrupts all requests. Does not wait for them.
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
