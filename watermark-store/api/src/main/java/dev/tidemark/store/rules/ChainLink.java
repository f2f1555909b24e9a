package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.EventKeyList;
import dev.tidemark.values.Watermark;
import java.util.List;
import java.util.Optional;

/// Part of a notification that matters to the chain: two watermarks and the keys of its events. A heartbeat has no
/// keys.
record ChainLink(Optional<Watermark> previous, Optional<Watermark> last, List<EventKey> keys) {
    ChainLink {
        keys = List.copyOf(keys);
    }

    EventKeyList keyList() {
        return EventKeyList.of(keys);
    }

    boolean heartbeat() {
        return keys.isEmpty();
    }
}
