package dev.tidemark.ews;

/// What came of a request: the value asked for, or a classified error. No answer is an exception.
public sealed interface EwsAnswer<R> {
    record Success<R>(R value) implements EwsAnswer<R> {}

    record Refused<R>(EwsError error) implements EwsAnswer<R> {}
}
