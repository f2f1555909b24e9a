package dev.tidemark.model;

import dev.tidemark.ews.ClockUnread;
import dev.tidemark.ews.SkipsRefused;
import dev.tidemark.store.rules.GapsOverlooked;
import dev.tidemark.store.rules.NothingKnown;
import dev.tidemark.subscriber.WaitsBelieved;

/// Fault put into the daemon, to prove that the runs detect it.
enum ProductMutation {
    NONE,
    /// a callback is acknowledged a minute before it is stored
    STORES_AFTER_ACKNOWLEDGING,
    /// events between the two are lost
    SYNCS_BEFORE_IT_SUBSCRIBES,
    /// an event in flight counts as delivered
    SAVES_POSITION_BEFORE_THE_ANSWER,
    /// a gap counts as a continuation
    MOVES_WATERMARK_OVER_GAPS,
    /// nothing counts as known
    CHECKS_NO_DUPLICATES,
    /// an unreadable item loses its page
    REFUSES_PAGES_WITH_SKIPPED_ITEMS,
    /// Exchange's clock counts as equal to the daemon's
    IGNORES_CLOCK_OFFSET,
    /// a wait of any length is accepted
    BELIEVES_EVERY_WAIT;

    /// Applies the fault in the whole JVM until it is closed. Faults that the model itself simulates need no
    /// advice.
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
