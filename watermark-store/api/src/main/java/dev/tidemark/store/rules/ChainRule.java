package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventKey;
import java.util.function.Predicate;

/// Tells whether something is missing between two notifications. Watermarks can only be compared for
/// equality: the counter inside jumps (docs, watermark), so that only the previous watermark tells (docs,
/// previouswatermark).
final class ChainRule {
    /// What a notification is to the chain before it.
    enum Judgement {
        /// The attempt's first.
        STARTS,
        /// Follows the one before.
        CONTINUES,
        /// Says nothing that was not known.
        REPEATS,
        /// Something before it is missing.
        BREAKS,
        /// Comes on a chain that is broken already.
        BROKEN
    }

    private ChainRule() {}

    /// `known` tells whether an event is stored already; it may be slow, and is asked only where the watermarks
    /// do not match. A notification without watermarks, against the documentation, cannot show that
    /// something is missing.
    static Judgement judge(NotificationChain chain, ChainLink link, Predicate<EventKey> known) {
        if (!chain.started()) {
            return Judgement.STARTS;
        }
        if (!chain.broken() && (follows(chain, link) || replacesHeartbeat(chain, link))) {
            return Judgement.CONTINUES;
        }
        if (repeats(chain, link, known)) {
            return Judgement.REPEATS;
        }
        return chain.broken() ? Judgement.BROKEN : Judgement.BREAKS;
    }

    /// A heartbeat whose answer was lost may be followed by events from where it started: it told nothing, so
    /// nothing is missing.
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

    /// A heartbeat that is sent again, because our answer was lost, starts where the one before started; its
    /// own watermark may have moved meanwhile.
    private static boolean repeatsHeartbeat(NotificationChain chain, ChainLink link) {
        return chain.lastKeys().isEmpty() && link.previous().equals(chain.previous());
    }
}
