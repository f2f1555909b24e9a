package dev.tidemark.store.engine;

import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.StoreStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Counts journaled events and callbacks since the start. The rules count under the write lock; any thread reads.
/// Thread-safe.
public final class StoreMeter {
    /// Limit of the servers that are counted separately; a server is a label of a metric.
    private static final int MAX_SERVERS = 100;

    private static final String OTHER_SERVERS = "other";
    private static final String UNKNOWN_SERVER = "unknown";
    private static final String LIFECYCLE = "lifecycle";

    private final Map<EventOrigin, LongAdder> byOrigin = Stream.of(EventOrigin.values())
            .collect(Collectors.toUnmodifiableMap(each -> each, each -> new LongAdder()));
    private final LongAdder lifecycle = new LongAdder();
    private final Map<String, LongAdder> byServer = new ConcurrentHashMap<>();

    /// Counts events that are on stable storage.
    public void countJournaled(List<EventDraft> drafts) {
        for (var draft : drafts) {
            draft.origin().map(this::ofOrigin).orElse(lifecycle).increment();
        }
    }

    private LongAdder ofOrigin(EventOrigin origin) {
        return byOrigin.getOrDefault(origin, lifecycle);
    }

    /// Returns the counter of the callbacks of a server.
    ///
    /// @param host name of the server; empty if it is unknown
    public LongAdder callbacksOf(String host) {
        var name = host.isEmpty() ? UNKNOWN_SERVER : host;
        var label = byServer.containsKey(name) || byServer.size() < MAX_SERVERS ? name : OTHER_SERVERS;
        return byServer.computeIfAbsent(label, ignored -> new LongAdder());
    }

    /// Returns the counts, with the measurements of the storage.
    public StoreStatistics statistics(StorageHealth health) {
        var journaled = new TreeMap<String, Long>();
        byOrigin.forEach((origin, count) -> journaled.put(origin.name().toLowerCase(Locale.ROOT), count.sum()));
        journaled.put(LIFECYCLE, lifecycle.sum());
        var callbacks = new TreeMap<String, Long>();
        byServer.forEach((server, count) -> callbacks.put(server, count.sum()));
        return new StoreStatistics(health.syncs(), health.logBytes(), journaled, callbacks);
    }
}
