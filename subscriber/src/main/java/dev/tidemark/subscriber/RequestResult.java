package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;

/// Result of a request to Exchange, or of several that answer one question.
sealed interface RequestResult<R> {
    record Got<R>(R value) implements RequestResult<R> {}

    record Refused<R>(EwsError error) implements RequestResult<R> {}

    /// Nothing was sent.
    record Unsent<R>(SubscriptionOutcome outcome) implements RequestResult<R> {}

    @FunctionalInterface
    interface Step<R, S> {
        RequestResult<S> apply(R value) throws InterruptedException;
    }

    /// Applies `step` to the value, if there is one.
    default <S> RequestResult<S> then(Step<R, S> step) throws InterruptedException {
        return switch (this) {
            case Got<R> got -> step.apply(got.value());
            case Refused<R> refused -> new Refused<>(refused.error());
            case Unsent<R> unsent -> new Unsent<>(unsent.outcome());
        };
    }
}
