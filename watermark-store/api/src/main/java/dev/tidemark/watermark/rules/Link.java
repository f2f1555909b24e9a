package dev.tidemark.watermark.rules;

import dev.tidemark.values.Watermark;
import dev.tidemark.watermark.change.EventKey;
import java.util.List;
import java.util.Optional;

/// What of a notification matters to the chain: its two watermarks and the keys of its events. A heartbeat
/// has none.
record Link(Optional<Watermark> previous, Optional<Watermark> last, List<EventKey> keys) {
    Link {
        keys = List.copyOf(keys);
    }

    KeyList keyList() {
        return KeyList.of(keys);
    }

    boolean heartbeat() {
        return keys.isEmpty();
    }
}
