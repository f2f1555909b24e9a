package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SubscriptionId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// Generates the ids of one mailbox in Exchange's format: base64 over a layout with the mailbox's GUID in
/// clear, about 150 characters for an item. They end in a counter, so some ids differ only in the case of a
/// letter.
public final class ExchangeIdGenerator {
    private static final Instant DOT_NET_EPOCH = Instant.parse("0001-01-01T00:00:00Z");

    private static final int GUID = 16;
    /// Length of a GUID in clear and what precedes it.
    private static final int ENTRY_HEAD = 40;
    private static final int ENTRY_START = (36 << 16) | (3 << 8);
    /// Length of a subscription id without its host name.
    private static final int SUBSCRIPTION_REST = 2 + 4 + GUID + Long.BYTES + 4 + GUID;

    private final UUID mailbox;
    private long items;
    private long folders;

    public ExchangeIdGenerator(UUID mailbox) {
        this.mailbox = mailbox;
    }

    public UUID mailbox() {
        return mailbox;
    }

    /// Returns the GUID of the mailbox to which an item, folder or subscription id belongs.
    public static Optional<UUID> owner(String id) {
        try {
            var bytes = littleEndian(Base64.getDecoder().decode(id));
            if (bytes.remaining() > ENTRY_HEAD && bytes.getInt(0) == ENTRY_START) {
                return Optional.of(UUID.fromString(StandardCharsets.US_ASCII
                        .decode(bytes.slice(4, ENTRY_HEAD - 4))
                        .toString()));
            }
            var host = bytes.remaining() < SUBSCRIPTION_REST ? 0 : bytes.getShort(0);
            return bytes.remaining() == host + SUBSCRIPTION_REST
                    ? Optional.of(guid(bytes, host + SUBSCRIPTION_REST - GUID))
                    : Optional.empty();
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    private static UUID guid(ByteBuffer bytes, int at) {
        var high = ((bytes.getInt(at) & 0xffff_ffffL) << 32)
                | ((bytes.getShort(at + 4) & 0xffffL) << 16)
                | (bytes.getShort(at + 6) & 0xffffL);
        return new UUID(high, Long.reverseBytes(bytes.getLong(at + 8)));
    }

    synchronized FolderId folder() {
        return new FolderId(base64(entry(84, ++folders)), Optional.of(changeKey(folders)));
    }

    synchronized ItemId item() {
        return new ItemId(base64(entry(114, ++items)), Optional.of(changeKey(items)));
    }

    public SubscriptionId subscription(String host, UUID subscription, Instant now) {
        var server = host.getBytes(StandardCharsets.US_ASCII);
        var bytes = littleEndian(SUBSCRIPTION_REST + server.length)
                .putShort((short) server.length)
                .put(server)
                .putInt(16);
        putGuid(bytes, subscription)
                .putLong(Duration.between(DOT_NET_EPOCH, now).toSeconds() * 10_000_000)
                .putInt(16);
        return new SubscriptionId(base64(putGuid(bytes, mailbox)));
    }

    /// Returns the version of an object as responses show it. Events carry only a stub of it.
    public static String changeKey(long version) {
        var bytes = littleEndian(28)
                .putInt(9)
                .putInt(22)
                .putLong(0x2c9a_77e1_40d3_5b16L)
                .putInt(0)
                .putLong(Long.reverseBytes(version));
        return base64(bytes);
    }

    /// Writes a GUID in the byte order of Windows into a little-endian buffer: only the first three fields are
    /// numbers.
    static ByteBuffer putGuid(ByteBuffer bytes, UUID uuid) {
        return bytes.putInt((int) (uuid.getMostSignificantBits() >>> 32))
                .putShort((short) (uuid.getMostSignificantBits() >>> 16))
                .putShort((short) uuid.getMostSignificantBits())
                .putLong(Long.reverseBytes(uuid.getLeastSignificantBits()));
    }

    /// Encodes the whole buffer, regardless of its position.
    static String base64(ByteBuffer bytes) {
        var encoded = Base64.getEncoder().encode(bytes.clear());
        return StandardCharsets.US_ASCII.decode(encoded).toString();
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer entry(int size, long number) {
        return littleEndian(size)
                .put((byte) 0)
                .put((byte) 3)
                .putShort((short) 36)
                .put(mailbox.toString().getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0x4600)
                .position(size - Long.BYTES)
                .putLong(Long.reverseBytes(number));
    }
}
