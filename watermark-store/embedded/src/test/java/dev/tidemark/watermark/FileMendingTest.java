package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileMendingTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private Path copy;

    @BeforeEach
    void killAStore() throws IOException {
        copy = folder.resolve("copy.mv.db");
        new H2Home(folder).open(clock).close();
        try (var store = new H2Home(folder).open(clock)) {
            enrol(store, "ada");
            enrol(store, "bob");
            Files.copy(folder.resolve("store0.mv.db"), copy);
        }
    }

    private static void enrol(WatermarkStore store, String name) {
        store.mailboxes().enrol(new MailboxAddress(name + "@example.com"), new Membership("inboxes", false));
    }

    @Test
    void only_a_machine_that_has_run_since_spares_looking_through_the_file() throws IOException {
        try (var file = FileChannel.open(copy, StandardOpenOption.READ)) {
            assertThat(FileMending.closedInOrder(file)).isFalse();
            assertThat(FileMending.needless(file, SealedFile.BOOT, FileMending.SMALL))
                    .isFalse();
            assertThat(FileMending.needless(file, SealedFile.BOOT, 0)).isTrue();
            assertThat(FileMending.needless(file, SealedFile.BOOT + 1, 0)).isFalse();
        }
    }

    @Test
    void a_write_that_was_cut_short_is_dropped_and_nothing_before_it() throws IOException {
        var sectors = 0;
        for (var lost = 0; lost == 0 || lost < sectors; lost++) {
            var torn = folder.resolve("torn" + lost + ".mv.db");
            Files.copy(copy, torn);
            sectors = tear(torn, lost);
            try (var store = new H2Home(folder).open("torn" + lost, clock)) {
                assertThat(store.mailboxes().find(new MailboxAddress("ada@example.com")))
                        .isPresent();
                assertThat(store.mailboxes().find(new MailboxAddress("bob@example.com")))
                        .as("sector %s of %s", lost, sectors)
                        .isEmpty();
            }
        }
        assertThat(sectors).isGreaterThan(7);
    }

    /// Spoils sector `lost` of the newest chunk; returns how many it has.
    private static int tear(Path path, int lost) throws IOException {
        try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileMending.mend(file, "torn");
            var block = StoreHeader.read(FileMending.read(file, 0, 2 * ChunkSeal.BLOCK))
                    .orElseThrow()
                    .block()
                    .orElseThrow();
            var at = block * ChunkSeal.BLOCK;
            var chunk = ChunkSeal.name(FileMending.read(file, at, ChunkSeal.BLOCK), 0, ChunkSeal.BLOCK);
            var place = at + (long) lost * BrittleDisk.SECTOR;
            var sector = new byte[BrittleDisk.SECTOR];
            FileMending.read(file, place, BrittleDisk.SECTOR).get(sector);
            for (var i = 0; i < BrittleDisk.SECTOR; i++) {
                sector[i] ^= 0x55;
            }
            file.write(ByteBuffer.wrap(sector), place);
            return chunk.orElseThrow().blocks() * ChunkSeal.BLOCK / BrittleDisk.SECTOR;
        }
    }
}
