package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.Test;

final class SealedFileTest {
    private final BrittleDisk disk = new BrittleDisk();

    private String path() {
        return SealedFile.SCHEME + ":" + H2Address.database(disk.url()) + ".mv.db";
    }

    /// What H2 would take for a chunk.
    private static ByteBuffer chunk() {
        var text = "chunk:1,len:1,version:1,".getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(ChunkSeal.BLOCK).put(0, text).put(ChunkSeal.BLOCK - ChunkSeal.FOOTER, text);
    }

    @Test
    void the_mark_of_a_clean_close_is_not_written_before_what_it_vouches_for() throws IOException {
        SealedFile.register();
        try (var file = FilePath.get(path()).open("rw")) {
            file.write(chunk(), 2 * ChunkSeal.BLOCK);
            file.write(new StoreHeader(Map.of("clean", "1")).bytes(), 0);
        }
        var left = disk.afterPowerCut(BrittleDisk.Kept.NONE, new Random(1)).file("store.mv.db");
        assertThat(left.size()).isEqualTo(3 * ChunkSeal.BLOCK);
    }

    /// H2 tidies a file up as soon as it is open, and may do so before anything new is written.
    @Test
    void a_chunk_may_be_moved_before_a_new_one_is_written() {
        SealedFile.register();
        try (var store = open()) {
            store.setRetentionTime(0);
            write(store, 0, 20);
            write(store, 0, 10);
            store.closeImmediately();
        }
        try (var store = open()) {
            var filled = store.getFileStore().getFillRate();
            ((RandomAccessStore) store.getFileStore()).compactMoveChunks(100, 1 << 20, store);
            assertThat(store.getFileStore().getFillRate()).isGreaterThan(filled);
            assertThat(store.<Integer, byte[]>openMap("19")).hasSize(1);
        }
    }

    private MVStore open() {
        return new MVStore.Builder().fileName(path()).autoCommitDisabled().open();
    }

    private static void write(MVStore store, int from, int to) {
        for (var number = from; number < to; number++) {
            store.openMap("" + number).put(1, new byte[16 * ChunkSeal.BLOCK]);
            store.commit();
        }
    }
}
