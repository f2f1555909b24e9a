package dev.tidemark.watermark;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/// The real store, whose ids come from a seed, and which folds when it is told to.
public record SteppedStore(WatermarkStore store, Runnable fold) {
    private static final Duration NEVER = Duration.ofDays(1);

    /// Opens the store that `config` names.
    ///
    /// @param connection name of the one connection, which all groups use
    /// @throws StoreException as [Stores#open] does
    public static SteppedStore open(StoreConfig config, Clock clock, Random ids, String connection) {
        var store = H2Store.open(
                config, new H2Store.Surroundings(clock, ids, NEVER, new FolderNames(), group -> connection));
        return new SteppedStore(store, store::fold);
    }
}
