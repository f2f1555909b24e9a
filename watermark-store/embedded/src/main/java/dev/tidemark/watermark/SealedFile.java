package dev.tidemark.watermark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.mvstore.DataUtils;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file under H2, made to outlive a power cut at any moment.
///
/// H2 appends a chunk for each commit, and after a crash goes on from the newest whose first and last bytes
/// are there. A disk that loses its power may have kept these and not what lies between, or a later chunk and
/// not the one before. So each chunk carries a seal over all of it, none is written while another is not
/// forced, and a file that was not closed in order is mended before H2 sees it.
///
/// Known to H2 as `sealed:`. Public, with a public constructor, because H2 makes its paths by reflection.
public final class SealedFile extends FilePathWrapper {
    private static final Logger LOG = LoggerFactory.getLogger(SealedFile.class);
    static final String SCHEME = "sealed";
    private static final String SUFFIX = ".mv.db";
    static final int BOOT = ChunkSeal.bootOf(boot());
    /// Files that could not be forced. The system takes what was to be forced for written from then on.
    private static final Set<String> DOUBTFUL = ConcurrentHashMap.newKeySet();

    /// Makes the scheme known to H2.
    static void register() {
        FilePath.register(new SealedFile());
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        if (!name.endsWith(SUFFIX) || mode.equals("r")) {
            return super.open(mode);
        }
        var fresh = !getBase().exists();
        var file = new Channel(getBase().open(mode), getBase().toString());
        if (fresh) {
            forceFolder(getBase());
        }
        return file;
    }

    /// A file that may not be written H2 would open for reading only, and leave it so when it may be written
    /// again: better it fails to open.
    @Override
    public boolean canWrite() {
        return name.endsWith(SUFFIX) || super.canWrite();
    }

    /// What tells one run of the machine from the next.
    private static String boot() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
        } catch (IOException e) {
            LOG.debug("The system does not say when it was started; every start looks through the store.", e);
            return UUID.randomUUID().toString();
        }
    }

    /// So that the name of a new file is on the disk too.
    static void forceFolder(FilePath fresh) throws IOException {
        var folder = fresh.getParent();
        if (folder == null || folder.toString().contains(":")) {
            return;
        }
        var path = Path.of(folder.toString());
        if (Files.isDirectory(path)) {
            try (var opened = FileChannel.open(path, StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    private static final class Channel extends FileBaseDefault {
        private final FileChannel file;
        private final String name;
        /// a chunk, or the header of a new file
        private boolean unforced;
        /// of the newest chunk that H2 has to go on from, until it has; -1 for a new file
        private long newest = -1;

        Channel(FileChannel file, String name) {
            this.file = file;
            this.name = name;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        // many read at a time, each at a place of its own
        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized")
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            if (ChunkSeal.isChunk(from, position)) {
                if (!ChunkSeal.sealed(from)) {
                    refuseOlder(from);
                }
                forceIfNeeded();
                ChunkSeal.seal(from, BOOT);
                unforced = true;
            } else if (position == 0 && StoreHeader.clean(from)) {
                // who reads it looks for nothing that is torn
                forceIfNeeded();
            }
            unforced |= position == 0 && file.size() == 0;
            return file.write(from, position);
        }

        /// Where H2 lacks something of its newest state it goes back to an older one without a word, and
        /// writes on from there. What it moves to tidy up, which may come first, is as old as it was and says
        /// nothing.
        private void refuseOlder(ByteBuffer chunk) {
            var version = ChunkSeal.name(chunk, chunk.position(), chunk.remaining())
                    .map(ChunkSeal.Name::version)
                    .orElse(Long.MAX_VALUE);
            if (version <= newest) {
                throw DataUtils.newMVStoreException(
                        DataUtils.ERROR_FILE_CORRUPT,
                        "{0} lacks a part of what was written to it: H2 goes on from version {1}, but {2} is there",
                        name,
                        version - 1,
                        newest);
            }
            newest = -1;
        }

        private void forceIfNeeded() throws IOException {
            if (unforced) {
                force(true);
            }
        }

        @Override
        protected synchronized void implTruncate(long size) throws IOException {
            forceIfNeeded();
            file.truncate(size);
        }

        @Override
        public synchronized void force(boolean metaData) throws IOException {
            try {
                file.force(metaData);
            } catch (IOException e) {
                DOUBTFUL.add(name);
                throw e;
            }
            unforced = false;
        }

        /// Nobody else has the file from here on; so this is the moment to mend it.
        @Override
        public synchronized FileLock tryLock(long position, long size, boolean shared) throws IOException {
            var lock = file.tryLock(position, size, shared);
            if (lock != null && !shared) {
                takeOver();
            }
            return lock;
        }

        private void takeOver() throws IOException {
            if (FileMending.closedInOrder(file)) {
                refuseDamage();
                if (file.size() <= FileMending.SMALL) {
                    FileMending.hideDamage(file, name);
                }
                FileMending.markOpened(file);
            } else if (DOUBTFUL.contains(name) || !FileMending.needless(file, BOOT, FileMending.SMALL)) {
                FileMending.mend(file, name);
            }
            newest = FileMending.newestVersion(file);
            force(true);
            DOUBTFUL.remove(name);
        }

        private void refuseDamage() throws IOException {
            if (!FileMending.hasNewest(file)) {
                throw DataUtils.newMVStoreException(
                        DataUtils.ERROR_FILE_CORRUPT, "{0} lacks what was written to it last", name);
            }
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
