package dev.tidemark.model;

import dev.tidemark.ews.ClockUnread;
import dev.tidemark.ews.SkipsRefused;
import dev.tidemark.store.rules.GapsOverlooked;
import dev.tidemark.store.rules.NothingKnown;
import dev.tidemark.subscriber.WaitsBelieved;

/// A fault put into the daemon, to show that the runs would notice it.
enum ProductMutation {
    NONE,
    /// a call-back is answered a minute before it is stored
    STORES_AFTER_ACKNOWLEDGING,
    /// what happens between the two is in neither
    SYNCS_BEFORE_IT_SUBSCRIBES,
    /// an event that is on its way counts as delivered
    SAVES_POSITION_BEFORE_THE_ANSWER,
    /// what breaks the chain counts as its continuation
    MOVES_WATERMARK_OVER_GAPS,
    /// nothing counts as known
    CHECKS_NO_DUPLICATES,
    /// an item that cannot be understood loses its page
    REFUSES_PAGES_WITH_SKIPPED_ITEMS,
    /// Exchange's clock counts as equal to the daemon's
    IGNORES_CLOCK_OFFSET,
    /// a wait of any length is obeyed
    BELIEVES_EVERY_WAIT;

    /// Puts the fault in, for the whole JVM, until it is closed; those that the model itself plays need no
    /// more than their name.
    WovenAdvice.Undo apply() {
        return switch (this) {
            case MOVES_WATERMARK_OVER_GAPS ->
                new WovenAdvice("dev.tidemark.store.rules.ChainRule", "classify", GapsOverlooked.class).apply();
            case CHECKS_NO_DUPLICATES ->
                new WovenAdvice("dev.tidemark.store.rules.DeduplicationCache", "knows", NothingKnown.class).apply();
            case IGNORES_CLOCK_OFFSET ->
                new WovenAdvice("dev.tidemark.ews.ExchangeClock", "withEvents", ClockUnread.class).apply();
            case BELIEVES_EVERY_WAIT ->
                new WovenAdvice("dev.tidemark.subscriber.connection.RetryBackoff", "isCredible", WaitsBelieved.class)
                        .apply();
            case REFUSES_PAGES_WITH_SKIPPED_ITEMS ->
                new WovenAdvice("dev.tidemark.ews.message.SkipTally", "count", SkipsRefused.class).apply();
            case NONE, STORES_AFTER_ACKNOWLEDGING, SYNCS_BEFORE_IT_SUBSCRIBES, SAVES_POSITION_BEFORE_THE_ANSWER ->
                () -> {};
        };
    }
}
