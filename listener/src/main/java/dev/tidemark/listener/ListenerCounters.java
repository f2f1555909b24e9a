package dev.tidemark.listener;

import dev.tidemark.values.DurationHistogram;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Snapshot of the listener's counters since its start.
///
/// @param received callbacks with a valid token and a complete body
/// @param acknowledged callbacks with the response OK
/// @param unsubscribed callbacks with the response Unsubscribe
/// @param refused rejected requests by reason, with every reason present: `connections`, `tls`, `address`, `token`,
///     `method`, `type`, `length`, `stopping`, `queue`, `store`, `protocol`, `malformed`, `timeout`
/// @param events new events that were stored
/// @param duplicates events that were already known
/// @param heartbeats callbacks that contained only heartbeats
/// @param gaps gaps that were reported
/// @param ended subscriptions that Exchange reported as ended
/// @param batches batches handed to the store
/// @param storeFailures batches that the store could not write
/// @param faults unexpected errors in Tidemark; if this is not 0, see the log
/// @param inFlight callbacks between the head of the request and the response, at the time of the snapshot
/// @param connections open connections, at the time of the snapshot
/// @param acknowledgements durations from the head of a request to its response OK or Unsubscribe
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
        int inFlight,
        int connections,
        DurationHistogram.Reading acknowledgements) {
    public ListenerCounters {
        refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }
}
