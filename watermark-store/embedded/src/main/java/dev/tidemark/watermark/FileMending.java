package dev.tidemark.watermark;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a file that was not closed in order into a state that H2 reads for what it is: a chunk that is not
/// whole is taken out of its sight, and the header points to the newest that is.
///
/// A power cut can hurt nothing else, because [SealedFile] never has more than one chunk under way.
final class FileMending {
    private static final Logger LOG = LoggerFactory.getLogger(FileMending.class);
    private static final int WINDOW = 1 << 20;
    private static final int HEADER = 2 * ChunkSeal.BLOCK;
    /// Small enough to be looked through at every start.
    static final long SMALL = 256L << 20;

    private final FileChannel file;
    private final String name;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowAt;
    private Optional<Newest> newest = Optional.empty();

    private record Newest(ChunkSeal.Name chunk, long block) {}

    private FileMending(FileChannel file, String name) {
        this.file = file;
        this.name = name;
    }

    /// Whether the file was closed in order, or is new.
    static boolean closedInOrder(FileChannel file) throws IOException {
        return file.size() == 0 || (file.size() >= HEADER && StoreHeader.clean(read(file, 0, HEADER)));
    }

    /// The version of the newest chunk that `file` is known to hold, which is the newest of all where it was
    /// closed in order or looked through: the one that its header names, or one that follows that as H2 planned.
    /// -1 if there is none.
    static long newestVersion(FileChannel file) throws IOException {
        var header = file.size() < HEADER ? Optional.<StoreHeader>empty() : StoreHeader.read(read(file, 0, HEADER));
        var block = header.map(StoreHeader::block).orElse(OptionalLong.empty());
        var version = -1L;
        while (block.isPresent() && block.getAsLong() < file.size() / ChunkSeal.BLOCK) {
            var found = wholeAt(file, block.getAsLong());
            if (found.isEmpty() || found.get().version() <= version) {
                break;
            }
            version = found.get().version();
            block = ChunkSeal.next(
                    read(file, block.getAsLong() * ChunkSeal.BLOCK, ChunkSeal.BLOCK), 0, ChunkSeal.BLOCK);
        }
        return version;
    }

    private static Optional<ChunkSeal.Name> wholeAt(FileChannel file, long block) throws IOException {
        var at = block * ChunkSeal.BLOCK;
        var begun = ChunkSeal.name(read(file, at, ChunkSeal.BLOCK), 0, ChunkSeal.BLOCK);
        var length = begun.map(chunk -> (long) chunk.blocks() * ChunkSeal.BLOCK).orElse(0L);
        if (length <= 0 || length > Math.min(file.size() - at, Integer.MAX_VALUE)) {
            return Optional.empty();
        }
        var bytes = read(file, at, (int) (long) length);
        var ended = ChunkSeal.name(bytes, bytes.limit() - ChunkSeal.FOOTER, ChunkSeal.FOOTER);
        return begun.filter(chunk -> ended.filter(chunk::equals).isPresent() && ChunkSeal.whole(bytes));
    }

    /// Takes the mark away that `file` was closed in order. H2 would do so with its next write; but what it
    /// makes of the mark is dangerous: it looks at some chunks only, and where one that nobody needs any more
    /// has been overwritten, it goes back to any older state that it happens to have looked at.
    static void markOpened(FileChannel file) throws IOException {
        if (file.size() >= HEADER) {
            var header = StoreHeader.read(read(file, 0, HEADER));
            if (header.isPresent()) {
                write(file, header.get().opened().bytes(), 0);
            }
        }
    }

    /// Whether the newest chunk of a file that was closed in order is there: no power cut takes it from there, and
    /// without it H2 would go back to any older one.
    static boolean hasNewest(FileChannel file) throws IOException {
        var header = file.size() < HEADER ? Optional.<StoreHeader>empty() : StoreHeader.read(read(file, 0, HEADER));
        var block = header.map(StoreHeader::block).orElse(OptionalLong.empty());
        if (block.isEmpty()) {
            return true;
        }
        var at = block.getAsLong() * ChunkSeal.BLOCK;
        if (at + ChunkSeal.BLOCK > file.size()) {
            return false;
        }
        var length = ChunkSeal.name(read(file, at, ChunkSeal.BLOCK), 0, ChunkSeal.BLOCK)
                .map(chunk -> Math.multiplyExact(chunk.blocks(), ChunkSeal.BLOCK))
                .orElse(Integer.MAX_VALUE);
        return at + length <= file.size() && ChunkSeal.whole(read(file, at, length));
    }

    /// Whether all that was written to a file is sure to be there: it is small enough to be looked through at
    /// any time, or the machine has run since, so that the system has kept what a killed process wrote.
    static boolean needless(FileChannel file, int boot, long small) throws IOException {
        if (file.size() <= small) {
            return false;
        }
        var block =
                StoreHeader.read(read(file, 0, HEADER)).map(StoreHeader::block).orElse(OptionalLong.empty());
        if (block.isEmpty() || block.getAsLong() >= file.size() / ChunkSeal.BLOCK) {
            return false;
        }
        var at = block.getAsLong() * ChunkSeal.BLOCK;
        var chunk = ChunkSeal.name(read(file, at, ChunkSeal.BLOCK), 0, ChunkSeal.BLOCK);
        var end = at + chunk.map(it -> (long) it.blocks() * ChunkSeal.BLOCK).orElse(Long.MAX_VALUE - at);
        return end <= file.size()
                && ChunkSeal.boot(read(file, end - ChunkSeal.FOOTER, ChunkSeal.FOOTER))
                        .equals(OptionalInt.of(boot));
    }

    /// Mends `file`; what it changes is not forced yet.
    static void mend(FileChannel file, String name) throws IOException {
        new FileMending(file, name).mend();
    }

    /// Takes what is not whole of a file that was closed in order out of H2's sight: whether anything of that is
    /// still needed H2 knows.
    static void hideDamage(FileChannel file, String name) throws IOException {
        new FileMending(file, name).lookThrough();
    }

    private void mend() throws IOException {
        var header = file.size() < HEADER ? Optional.<StoreHeader>empty() : StoreHeader.read(read(file, 0, HEADER));
        if (header.isEmpty() && file.size() <= HEADER) {
            LOG.info("{} was never finished; it is begun anew", name);
            file.truncate(0);
            return;
        }
        lookThrough();
        if (header.isPresent() && newest.isPresent()) {
            var found = newest.get();
            rewrite(found);
            write(header.get().pointingTo(found.chunk(), found.block()).bytes(), 0);
        }
    }

    private void lookThrough() throws IOException {
        var blocks = file.size() / ChunkSeal.BLOCK;
        for (var block = 2L; block < blocks; ) {
            block += look(block, blocks);
        }
    }

    /// Looks whether a chunk begins at `block`; returns how many blocks to go on.
    private long look(long block, long blocks) throws IOException {
        var at = block * ChunkSeal.BLOCK;
        var head = window(at, ChunkSeal.BLOCK);
        var begun = ChunkSeal.name(window, head, ChunkSeal.BLOCK).filter(it -> it.blocks() > 0);
        if (begun.isEmpty() || begun.get().blocks() > blocks - block) {
            return 1;
        }
        var chunk = begun.get();
        var length = Math.multiplyExact(chunk.blocks(), ChunkSeal.BLOCK);
        var from = window(at, length);
        var ended = ChunkSeal.name(window, from + length - ChunkSeal.FOOTER, ChunkSeal.FOOTER);
        if (ended.filter(chunk::equals).isEmpty()) {
            return 1;
        }
        if (!ChunkSeal.whole(
                window.duplicate().limit(from + length).position(from).slice())) {
            LOG.info("{}: a write of {} bytes at {} was cut short or is damaged, and is dropped", name, length, at);
            write(ByteBuffer.allocate(ChunkSeal.FOOTER), at + length - ChunkSeal.FOOTER);
            return 1;
        }
        if (newest.filter(it -> it.chunk().version() >= chunk.version()).isEmpty()) {
            newest = Optional.of(new Newest(chunk, block));
        }
        return chunk.blocks();
    }

    /// Has the newest chunk written once more: it may be one that could not be forced, which the system then
    /// believes to be on the disk.
    private void rewrite(Newest found) throws IOException {
        var at = found.block() * ChunkSeal.BLOCK;
        write(read(file, at, found.chunk().blocks() * ChunkSeal.BLOCK), at);
    }

    /// Has `length` bytes from `at` in the window; returns where they begin there.
    private int window(long at, int length) throws IOException {
        if (at < windowAt || at + length > windowAt + window.limit()) {
            windowAt = at;
            window = read(file, at, (int) Math.min(Math.max(length, WINDOW), file.size() - at));
        }
        return (int) (at - windowAt);
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        write(file, bytes, at);
    }

    private static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes, at + bytes.position());
        }
    }

    static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("The file ends before " + (at + length) + ".");
            }
        }
        return bytes.flip();
    }
}
