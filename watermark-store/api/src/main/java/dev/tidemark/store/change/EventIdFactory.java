package dev.tidemark.store.change;

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

/// Derives event ids from the content, so that an event has the same id for every path and repetition. The ids are
/// promises to receivers: they must never change.
public final class EventIdFactory {
    private EventIdFactory() {}

    /// Returns the key of a change. Received, created and deleted happen once to an item, whose id is never used
    /// again. The watermark distinguishes all other changes, or the time if a path knows no watermark.
    public static EventKey ofChange(
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

    /// Returns the key of a lifecycle event: its place in the sequence of its source.
    public static EventKey ofLifecycle(String source, String type, long sequence) {
        return digest(source, type, Long.toString(sequence));
    }

    private static EventKey digest(String... parts) {
        var sha = sha256();
        for (var part : parts) {
            sha.update(part.getBytes(StandardCharsets.UTF_8));
            // no id contains it, so no two lists of parts produce the same bytes
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
