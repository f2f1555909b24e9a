package dev.tidemark.watermark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FilePath;

/// A disk in memory that loses its power, fills up or fails on command. What was written to it but not forced
/// is remembered apart, as a real one keeps it in a cache.
final class BrittleDisk {
    static final int SECTOR = 512;
    private static final Map<String, BrittleDisk> DISKS = new ConcurrentHashMap<>();
    private static final AtomicInteger NEXT = new AtomicInteger();

    static {
        FilePath.register(new BrittlePath());
    }

    /// What a power cut leaves of the writes that were not forced.
    enum Kept {
        NONE,
        ALL,
        /// each sector with the same chance
        SOME,
        /// each write whole or not at all, whatever their order
        WHOLE,
        /// all sectors but one or two: a chunk's ends may be there and its middle not
        NEARLY_ALL
    }

    private final String name = "disk" + NEXT.incrementAndGet();
    private final Map<String, BrittleFile> files = new TreeMap<>();
    private long touches;
    private long cutAt = Long.MAX_VALUE;
    private boolean dead;
    private boolean full;
    private boolean forceless;
    private boolean readOnly;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final AtomicInteger held = new AtomicInteger();

    BrittleDisk() {
        DISKS.put(name, this);
    }

    static BrittleDisk named(String name) {
        var disk = DISKS.get(name);
        if (disk == null) {
            throw new IllegalArgumentException("There is no disk " + name);
        }
        return disk;
    }

    /// The `store.url` of a store on this disk.
    String url() {
        return "jdbc:h2:file:brittle:/" + name + "/store";
    }

    /// Cuts the power at the `touches`th write or force from now on.
    synchronized void cutAfter(long more) {
        cutAt = touches + more;
    }

    synchronized void cut() {
        dead = true;
    }

    synchronized boolean isDead() {
        return dead;
    }

    /// Writes wait until they are [#let].
    void hold() {
        gate = new CountDownLatch(1);
    }

    void let() {
        gate.countDown();
    }

    /// Whether a write waits now.
    boolean holdsOne() {
        return held.get() > 0;
    }

    /// Writes fail for want of room.
    synchronized void fill(boolean now) {
        full = now;
    }

    /// Writes go well, but to force them fails, and what was to be forced counts as clean nevertheless: a
    /// later force leaves it out, as Linux does.
    synchronized void failForces(boolean now) {
        forceless = now;
    }

    /// The disk as it is when the power is back.
    synchronized BrittleDisk afterPowerCut(Kept kept, Random random) {
        dead = true;
        var next = new BrittleDisk();
        files.forEach((path, file) -> next.files.put(path, file.afterPowerCut(next, kept, random)));
        DISKS.remove(name);
        return next;
    }

    synchronized BrittleFile file(String path) {
        return files.computeIfAbsent(path, ignored -> new BrittleFile(this));
    }

    /// From now on, or no longer, nothing may be written, nor be opened for it.
    synchronized void readOnly(boolean now) {
        readOnly = now;
    }

    synchronized boolean isReadOnly() {
        return readOnly;
    }

    synchronized boolean holds(String path) {
        return files.containsKey(path);
    }

    synchronized void remove(String path) {
        files.remove(path);
    }

    synchronized void move(String from, String to) {
        files.put(to, files.remove(from));
    }

    synchronized void read(BrittleFile file, ByteBuffer into, long position) throws IOException {
        powered();
        file.read(into, position);
    }

    void write(BrittleFile file, ByteBuffer from, long position) throws IOException {
        held.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            held.decrementAndGet();
        }
        writeNow(file, from, position);
    }

    private synchronized void writeNow(BrittleFile file, ByteBuffer from, long position) throws IOException {
        powered();
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
        if (full) {
            var half = from.remaining() / 2;
            var written = new byte[half];
            from.get(written);
            file.write(written, position);
            throw new IOException("No space left on device");
        }
        var bytes = new byte[from.remaining()];
        from.get(bytes);
        file.write(bytes, position);
        touch();
    }

    synchronized void truncate(BrittleFile file, long size) {
        if (dead) {
            throw new IllegalStateException("The power is off");
        }
        file.truncate(size);
    }

    synchronized void force(BrittleFile file) throws IOException {
        powered();
        touch();
        if (forceless) {
            file.forgetForce();
            throw new IOException("Input/output error");
        }
        file.force();
    }

    private void touch() throws IOException {
        touches++;
        if (touches >= cutAt) {
            dead = true;
        }
        powered();
    }

    private void powered() throws IOException {
        if (dead) {
            throw new IOException("The power is off");
        }
    }
}
