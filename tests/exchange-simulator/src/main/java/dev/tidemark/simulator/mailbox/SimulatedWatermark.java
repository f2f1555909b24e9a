package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.Watermark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// Content of a watermark: a position in the event history of a database. On the wire it is base64 of 29 bytes:
/// a version, the database's GUID, the counter, a flag (seen in captures since 2010).
record SimulatedWatermark(UUID database, long counter) {
    private static final int SIZE = 29;

    Watermark watermark() {
        var bytes = ExchangeIdGenerator.littleEndian(SIZE).putInt(1);
        ExchangeIdGenerator.putGuid(bytes, database).putLong(counter).put((byte) 0);
        return new Watermark(ExchangeIdGenerator.base64(bytes));
    }

    /// Returns the position in this database if the watermark belongs to it.
    static Optional<SimulatedWatermark> read(Watermark watermark, UUID database) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(watermark.value()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() != SIZE) {
                return Optional.empty();
            }
            var bookmark = new SimulatedWatermark(database, bytes.getLong(20));
            return bookmark.watermark().equals(watermark) ? Optional.of(bookmark) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
