package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.Test;

final class SealedFileTest {
    private final BrittleDisk disk = new BrittleDisk();

    /// What H2 would take for a chunk.
    private static ByteBuffer chunk() {
        var text = "chunk:1,len:1,version:1,".getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(ChunkSeal.BLOCK).put(0, text).put(ChunkSeal.BLOCK - ChunkSeal.FOOTER, text);
    }

    @Test
    void the_mark_of_a_clean_close_is_not_written_before_what_it_vouches_for() throws IOException {
        SealedFile.register();
        var path = SealedFile.SCHEME + ":" + H2Address.database(disk.url()) + ".mv.db";
        try (var file = FilePath.get(path).open("rw")) {
            file.write(chunk(), 2 * ChunkSeal.BLOCK);
            file.write(new StoreHeader(Map.of("clean", "1")).bytes(), 0);
        }
        var left = disk.afterPowerCut(BrittleDisk.Kept.NONE, new Random(1)).file("store.mv.db");
        assertThat(left.size()).isEqualTo(3 * ChunkSeal.BLOCK);
    }
}
