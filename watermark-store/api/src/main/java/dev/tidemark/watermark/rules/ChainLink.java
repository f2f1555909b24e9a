package dev.tidemark.watermark.rules;

import dev.tidemark.values.Watermark;
import dev.tidemark.watermark.change.EventKey;
import java.util.List;
import java.util.Optional;

/// What of a notification matters to the chain: its two watermarks and the keys of its events. A heartbeat
/// has none.
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
