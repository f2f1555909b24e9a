package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventKey;
import java.util.function.Predicate;

/// Decides whether a notification is missing between two others. Watermarks can be compared only for equality,
/// because the counter inside jumps (docs, watermark). Only the previous watermark shows a gap (docs,
/// previouswatermark).
final class ChainRule {
    /// Relation of a notification to the chain before it.
    enum Classification {
        /// First notification of the attempt.
        STARTS,
        /// Follows the previous notification.
        CONTINUES,
        /// Contains only known events.
        REPEATS,
        /// An earlier notification is missing.
        BREAKS,
        /// Arrives on a chain that is already broken.
        BROKEN
    }

    private ChainRule() {}

    /// Classifies a notification. A notification without watermarks, against the documentation, cannot show a gap.
    ///
    /// @param known returns whether an event is stored; may be slow, called only if the watermarks do not match
    static Classification classify(NotificationChain chain, ChainLink link, Predicate<EventKey> known) {
        if (!chain.started()) {
            return Classification.STARTS;
        }
        if (!chain.broken() && (follows(chain, link) || replacesHeartbeat(chain, link))) {
            return Classification.CONTINUES;
        }
        if (repeats(chain, link, known)) {
            return Classification.REPEATS;
        }
        return chain.broken() ? Classification.BROKEN : Classification.BREAKS;
    }

    /// Returns whether the events start where a heartbeat with a lost response started. The heartbeat reported no
    /// events, so nothing is missing.
    private static boolean replacesHeartbeat(NotificationChain chain, ChainLink link) {
        return !link.heartbeat()
                && chain.lastKeys().isEmpty()
                && link.previous().isPresent()
                && link.previous().equals(chain.previous());
    }

    static boolean follows(NotificationChain chain, ChainLink link) {
        return chain.last().isEmpty()
                || link.previous().isEmpty()
                || link.previous().equals(chain.last());
    }

    private static boolean repeats(NotificationChain chain, ChainLink link, Predicate<EventKey> known) {
        return link.heartbeat()
                ? repeatsHeartbeat(chain, link)
                : link.keys().stream().allMatch(known);
    }

    /// Returns whether a heartbeat starts where the previous one started: Exchange repeats it if the response was
    /// lost. Its own watermark may have moved meanwhile.
    private static boolean repeatsHeartbeat(NotificationChain chain, ChainLink link) {
        return chain.lastKeys().isEmpty() && link.previous().equals(chain.previous());
    }
}
