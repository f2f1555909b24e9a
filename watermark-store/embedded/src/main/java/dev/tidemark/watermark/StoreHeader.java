package dev.tidemark.watermark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The first lines of an H2 file: twice the same text, each in a block of its own, so that one survives.
///
/// @param fields as H2 writes them, in its order
record StoreHeader(Map<String, String> fields) {
    private static final int MODULUS = 0xffff;

    /// The newest of the two copies that are whole.
    static Optional<StoreHeader> read(ByteBuffer blocks) {
        var first = parse(blocks, 0);
        var second = parse(blocks, ChunkSeal.BLOCK);
        return first.filter(it ->
                        second.filter(other -> other.version() > it.version()).isEmpty())
                .or(() -> second);
    }

    /// Whether both copies are whole and say that the store was closed in order.
    static boolean clean(ByteBuffer blocks) {
        if (blocks.limit() < 2 * ChunkSeal.BLOCK) {
            return false;
        }
        var first = parse(blocks, 0);
        return first.filter(it -> it.fields.containsKey("clean")).isPresent()
                && first.equals(parse(blocks, ChunkSeal.BLOCK));
    }

    private static Optional<StoreHeader> parse(ByteBuffer blocks, int at) {
        var line = new byte[ChunkSeal.BLOCK];
        blocks.get(at, line);
        var text = new String(line, StandardCharsets.ISO_8859_1);
        var sum = text.indexOf(",fletcher:");
        var end = text.indexOf('\n');
        if (sum < 0 || end < sum) {
            return Optional.empty();
        }
        var said = text.substring(sum + ",fletcher:".length(), end);
        if (!said.equals(Integer.toHexString(fletcher(text.substring(0, sum))))) {
            return Optional.empty();
        }
        var fields = new LinkedHashMap<String, String>();
        for (var pair : text.substring(0, sum).split(",", -1)) {
            var colon = pair.indexOf(':');
            fields.put(pair.substring(0, colon), pair.substring(colon + 1));
        }
        return Optional.of(new StoreHeader(fields));
    }

    private long version() {
        return Long.parseUnsignedLong(fields.getOrDefault("version", "0"), 16);
    }

    /// Where the chunk begins that was the newest when the header was written.
    OptionalLong block() {
        var block = fields.get("block");
        return block == null ? OptionalLong.empty() : OptionalLong.of(Long.parseUnsignedLong(block, 16));
    }

    /// The header of a store whose newest chunk is `chunk`, at `block`, and that was not closed in order.
    StoreHeader pointingTo(ChunkSeal.Name chunk, long block) {
        var changed = new LinkedHashMap<>(fields);
        changed.remove("clean");
        changed.put("chunk", Integer.toHexString(chunk.id()));
        changed.put("block", Long.toHexString(block));
        changed.put("version", Long.toHexString(chunk.version()));
        return new StoreHeader(changed);
    }

    /// The header of a store that is in use.
    StoreHeader opened() {
        var changed = new LinkedHashMap<>(fields);
        changed.remove("clean");
        return new StoreHeader(changed);
    }

    ByteBuffer bytes() {
        var text = new StringBuilder();
        fields.forEach((key, value) ->
                text.append(text.isEmpty() ? "" : ",").append(key).append(':').append(value));
        var sum = Integer.toHexString(fletcher(text.toString()));
        text.append(",fletcher:").append(sum).append('\n');
        var line = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(2 * ChunkSeal.BLOCK).put(0, line).put(ChunkSeal.BLOCK, line);
    }

    /// Fletcher's checksum over pairs of bytes, folded when H2 folds it for so short a text.
    private static int fletcher(String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var low = MODULUS;
        var high = MODULUS;
        for (var i = 0; i + 1 < bytes.length; i += 2) {
            low += ((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff);
            high += low;
        }
        low = folded(low);
        high = folded(high);
        if (bytes.length % 2 != 0) {
            low += (bytes[bytes.length - 1] & 0xff) << 8;
            high += low;
        }
        return (folded(high) << 16) | folded(low);
    }

    private static int folded(int sum) {
        return (sum & MODULUS) + (sum >>> 16);
    }
}
