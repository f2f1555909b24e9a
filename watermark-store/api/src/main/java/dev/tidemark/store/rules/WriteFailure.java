package dev.tidemark.store.rules;

import dev.tidemark.store.StoreException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reason why the store cannot write, if it cannot, and whether a repair can end that. Logs once that writing fails,
/// and once that it works again. Written under the write lock of [CommittedState]; any thread reads.
final class WriteFailure {
    private static final Logger LOG = LoggerFactory.getLogger(WriteFailure.class);
    private static final String STOPPED =
            "The store stopped because of an unexpected error in the middle of a change; restart Tidemark.";

    private volatile Optional<String> reason = Optional.empty();
    /// memory may lack committed changes; only a restart or an upgrade repairs this
    private volatile boolean isBehind;

    /// Returns the reason why the store cannot write; empty while it can.
    Optional<String> reason() {
        return reason;
    }

    /// Returns whether memory may lack committed changes, so that only a restart makes further changes possible.
    boolean isBehind() {
        return isBehind;
    }

    /// Records that the engine failed, which a repair may end.
    void record(StoreException e) {
        if (e.isOfLaterVersion()) {
            // the commit of another node, without which memory cannot continue
            isBehind = true;
            LOG.error("This node can take no further callbacks: {}", e.getMessage());
        } else if (reason.isEmpty()) {
            LOG.error("The store cannot write; callbacks get 503 until it can: {}", e.getMessage());
        }
        reason = Optional.of(String.valueOf(e.getMessage()));
    }

    /// Refuses all further changes, because the rules would evaluate them on a memory that lacks committed ones.
    void stop(Throwable cause) {
        isBehind = true;
        reason = Optional.of(STOPPED);
        LOG.error("{}", STOPPED, cause);
    }

    /// Records that the store writes again.
    void end() {
        reason = Optional.empty();
        LOG.info("The store writes again");
    }

    /// Refuses to continue if memory may lack committed changes.
    ///
    /// @throws StoreException if it may
    void requireUpToDate() {
        if (isBehind) {
            throw StoreException.permanent(reason.orElse(STOPPED));
        }
    }
}
