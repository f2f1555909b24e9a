package dev.tidemark.ews.message;

/// What came of a request: the value asked for, or a classified error. No answer is an exception.
public sealed interface EwsResult<R> {
    record Success<R>(R value) implements EwsResult<R> {}

    record Refused<R>(EwsError error) implements EwsResult<R> {}
}
