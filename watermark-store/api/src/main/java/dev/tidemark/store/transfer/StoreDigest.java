package dev.tidemark.store.transfer;

import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeCodec;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Count and checksum of a store's rows, by kind. Two stores with equal digests hold the same rows, in any order.
///
/// @param kinds counts and sums by the name of the kind
public record StoreDigest(SortedMap<String, KindDigest> kinds) {
    /// Rows of one kind.
    ///
    /// @param sum sum of the rows' hashes
    public record KindDigest(long count, long sum) {
        private KindDigest with(long hash) {
            return new KindDigest(count + 1, sum + hash);
        }
    }

    private static final KindDigest NONE = new KindDigest(0, 0);

    /// Reads a store.
    ///
    /// @throws dev.tidemark.store.StoreException if it is damaged, or its storage fails
    public static StoreDigest of(StoreSource source) {
        var kinds = new TreeMap<String, KindDigest>();
        source.read(change -> kinds.merge(
                change.getClass().getSimpleName(), NONE.with(hash(change)), (old, one) -> old.with(one.sum())));
        return new StoreDigest(kinds);
    }

    /// Returns the number of rows.
    public long rows() {
        return kinds.values().stream().mapToLong(KindDigest::count).sum();
    }

    /// Returns the names of the kinds that differ, with both counts.
    public Map<String, String> differences(StoreDigest other) {
        var differences = new TreeMap<String, String>();
        var names = new TreeMap<>(kinds);
        names.putAll(other.kinds);
        for (var name : names.keySet()) {
            var here = kinds.getOrDefault(name, NONE);
            var there = other.kinds.getOrDefault(name, NONE);
            if (!here.equals(there)) {
                differences.put(name, here.count() + " and " + there.count());
            }
        }
        return differences;
    }

    private static long hash(Change change) {
        var out = new BinaryValueWriter();
        ChangeCodec.write(out, change);
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(out.toBytes()))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
