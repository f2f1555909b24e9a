package dev.tidemark.ews.message;

/// Result of a request: the requested value, or a classified error. No response of a server causes an
/// exception.
public sealed interface EwsResult<R> {
    record Success<R>(R value) implements EwsResult<R> {}

    record Refused<R>(EwsError error) implements EwsResult<R> {}
}
