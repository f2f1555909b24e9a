package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.EwsResult;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Times one request and reports it to the [EwsRequestObserver]. Reports nothing if the request was never sent, for
/// example because of a recent refusal of the login. The request starts it on another thread. Thread-safe.
final class RequestStopwatch {
    private final EwsRequestObserver observer;
    private final EwsOperation operation;
    private volatile long startedNanos;
    private volatile boolean isStarted;

    RequestStopwatch(EwsRequestObserver observer, EwsOperation operation) {
        this.observer = observer;
        this.operation = operation;
    }

    /// Returns `work` with the start of the time measurement.
    Callable<HttpReply> timing(Callable<HttpReply> work) {
        return () -> {
            startedNanos = System.nanoTime();
            isStarted = true;
            return work.call();
        };
    }

    /// Reports the result and returns it.
    <R> EwsResult<R> stop(EwsResult<R> result) {
        if (isStarted) {
            observer.onCompleted(operation, error(result), System.nanoTime() - startedNanos);
        }
        return result;
    }

    private static Optional<EwsError> error(EwsResult<?> result) {
        return switch (result) {
            case EwsResult.Success<?> ignored -> Optional.empty();
            case EwsResult.Refused<?> refused -> Optional.of(refused.error());
        };
    }
}
