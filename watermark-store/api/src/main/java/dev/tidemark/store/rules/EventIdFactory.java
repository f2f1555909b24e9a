package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.Watermark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;

/// Names events by what they say, so that the same event has the same id by whatever path and however often
/// it is found. These names are promises to receivers: they must never change.
final class EventIdFactory {
    private EventIdFactory() {}

    /// Received, created and deleted happen once to an item, whose id is never used again; everything else can
    /// happen again and is told apart by its watermark, or by its time where a path knows no watermark.
    static EventKey ofChange(
            MailboxId mailbox, ChangeKind kind, ObjectId target, Optional<Watermark> watermark, Instant time) {
        return switch (kind) {
            case NEW_MAIL, CREATED, DELETED -> digest(mailbox.value(), kind.label(), target.id());
            case MODIFIED, MOVED, COPIED, FREE_BUSY_CHANGED ->
                digest(
                        mailbox.value(),
                        kind.label(),
                        target.id(),
                        watermark.map(Watermark::value).orElseGet(time::toString));
        };
    }

    /// Lifecycle events are told apart by their place in the sequence of their source.
    static EventKey ofLifecycle(String source, String type, long sequence) {
        return digest(source, type, Long.toString(sequence));
    }

    private static EventKey digest(String... parts) {
        var sha = sha256();
        for (var part : parts) {
            sha.update(part.getBytes(StandardCharsets.UTF_8));
            // no id contains it, so that no two lists of parts run together to the same bytes
            sha.update((byte) 0);
        }
        var bits = ByteBuffer.wrap(sha.digest());
        return new EventKey(bits.getLong(), bits.getLong(), (bits.get() >>> 6) & 0b11);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256; this one does not.", e);
        }
    }
}
