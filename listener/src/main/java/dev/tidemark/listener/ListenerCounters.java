package dev.tidemark.listener;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the listener has done since it started.
///
/// @param received call-backs with a token of ours whose body came in whole
/// @param acknowledged answered OK
/// @param unsubscribed answered Unsubscribe
/// @param refused by reason, every reason there: `address`, `token`, `method`, `type`, `length`, `stopping`,
///     `queue`, `store`, `protocol`, `malformed`, `timeout`
/// @param events new ones stored
/// @param duplicates events that were known already
/// @param heartbeats call-backs that held nothing else
/// @param gaps that were reported
/// @param ended subscriptions that Exchange said to have ended
/// @param batches handed to the store
/// @param storeFailures batches that the store could not take
/// @param faults broken assumptions of our own; anything but 0 is worth a look into the log
/// @param underWay call-backs between their head and their answer, now
public record ListenerCounters(
        long received,
        long acknowledged,
        long unsubscribed,
        Map<String, Long> refused,
        long events,
        long duplicates,
        long heartbeats,
        long gaps,
        long ended,
        long batches,
        long storeFailures,
        long faults,
        int underWay) {
    public ListenerCounters {
        refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }
}
