package dev.tidemark.store.change;

import java.util.Collection;

/// Compact list of the keys of a notification's events. A long list is not kept: it is `overflowing`, and callers
/// read the keys from the journal.
public final class EventKeyList {
    private static final int MAX_KEYS = 32;
    public static final EventKeyList EMPTY = new EventKeyList(new long[0], false);

    public static final EventKeyList OVERFLOWING = new EventKeyList(new long[0], true);

    private final long[] halves;
    private final boolean overflowing;

    private EventKeyList(long[] halves, boolean overflowing) {
        this.halves = halves;
        this.overflowing = overflowing;
    }

    public static EventKeyList of(Collection<EventKey> keys) {
        if (keys.isEmpty()) {
            return EMPTY;
        }
        if (keys.size() > MAX_KEYS) {
            return OVERFLOWING;
        }
        var halves = new long[keys.size() * 2];
        var next = 0;
        for (var key : keys) {
            halves[next++] = key.high();
            halves[next++] = key.low();
        }
        return new EventKeyList(halves, false);
    }

    public boolean overflowing() {
        return overflowing;
    }

    public boolean isEmpty() {
        return halves.length == 0 && !overflowing;
    }

    public boolean contains(EventKey key) {
        for (var i = 0; i < halves.length; i += 2) {
            if (halves[i] == key.high() && halves[i + 1] == key.low()) {
                return true;
            }
        }
        return false;
    }

    public void write(BinaryValueWriter out) {
        out.flag(overflowing).number(halves.length);
        for (var half : halves) {
            out.wide(half);
        }
    }

    public static EventKeyList read(BinaryValueReader in) {
        var overflowing = in.flag();
        var count = in.count();
        if (count == 0) {
            return overflowing ? OVERFLOWING : EMPTY;
        }
        var halves = new long[count];
        for (var i = 0; i < halves.length; i++) {
            halves[i] = in.wide();
        }
        return new EventKeyList(halves, overflowing);
    }
}
