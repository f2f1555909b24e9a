package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsOperation;
import java.util.Optional;

/// Receives the result of each request to Exchange, on the thread that sent it. Must be cheap and thread-safe.
@FunctionalInterface
public interface EwsRequestObserver {
    /// Receives the result of one request.
    ///
    /// @param error error of the response, or of the connection; empty for a success
    /// @param nanos duration up to the complete response, or up to the head of a stream
    void onCompleted(EwsOperation operation, Optional<EwsError> error, long nanos);

    /// Returns an observer that ignores everything.
    static EwsRequestObserver none() {
        return (operation, error, nanos) -> {};
    }
}
