package dev.tidemark.store.change;

import dev.tidemark.store.StoreException;
import java.util.function.Predicate;

/// Searches the value of a journal row for event types. Decodes only the types, because a reader of few types skips
/// most rows. Follows the format of [JournalEntryCodec].
public final class EventTypeScanner {
    private final BinaryValueReader in;
    private final Predicate<String> wanted;

    private EventTypeScanner(byte[] body, Predicate<String> wanted) {
        this.in = JournalEntryCodec.entries(body);
        this.wanted = wanted;
    }

    /// Returns true if the value of a row holds an event of a wanted type.
    public static boolean holds(byte[] body, Predicate<String> wanted) {
        var scanner = new EventTypeScanner(body, wanted);
        while (scanner.in.hasMore()) {
            if (scanner.entryHolds()) {
                return true;
            }
        }
        return false;
    }

    private boolean entryHolds() {
        if (in.flag()) {
            skipMailbox();
        }
        in.number();
        in.number();
        if (in.flag()) {
            skipPush();
        }
        for (var left = in.count(); left > 0; left--) {
            in.skip(EventKey.BYTES);
            if (wanted.test(in.text())) {
                return true;
            }
            skipRestOfDraft();
        }
        return false;
    }

    private void skipMailbox() {
        in.skipText();
        in.skipText();
        in.skipText();
    }

    private void skipPush() {
        in.number();
        in.flag();
        in.flag();
        in.skipOptionalText();
        in.skipOptionalText();
        in.skipInstant();
        in.number();
    }

    private void skipRestOfDraft() {
        in.skipInstant();
        in.skipOptionalText();
        switch (in.octet()) {
            case EventDataCodec.CHANGE -> skipChange();
            case EventDataCodec.LIFECYCLE -> skipMap();
            default -> throw unknown();
        }
    }

    private void skipChange() {
        in.skipText();
        skipObject();
        skipFolderIfPresent();
        if (in.flag()) {
            skipObject();
        }
        skipFolderIfPresent();
        if (in.flag()) {
            in.number();
        }
        if (in.flag()) {
            in.skipOptionalText();
            in.skipOptionalText();
            in.skipOptionalText();
        }
    }

    private void skipObject() {
        in.flag();
        in.skipText();
        in.skipOptionalText();
    }

    private void skipFolderIfPresent() {
        if (in.flag()) {
            in.skipText();
            in.skipOptionalText();
            in.skipOptionalText();
            in.skipOptionalText();
        }
    }

    private void skipMap() {
        for (var left = in.count(); left > 0; left--) {
            in.skipText();
            skipValue();
        }
    }

    private void skipValue() {
        switch (in.octet()) {
            case EventDataCodec.TEXT -> in.skipText();
            case EventDataCodec.NUMBER -> in.number();
            case EventDataCodec.TRUTH -> in.flag();
            case EventDataCodec.MAP -> skipMap();
            default -> throw unknown();
        }
    }

    private static StoreException unknown() {
        return StoreException.permanent(
                "The journal holds data of an unknown form; it is damaged: restore it from a backup.");
    }
}
