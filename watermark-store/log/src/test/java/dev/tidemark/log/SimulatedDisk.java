package dev.tidemark.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/// Disk in memory that loses power. A power cut keeps any combination of the sectors, creations, renames and
/// deletions that were not forced. Writes and forces fail on request, also silently. Thread-safe.
public final class SimulatedDisk implements LogDisk {
    /// Thrown by every changing call after the cut.
    public static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Promise that the disk breaks, to prove that the tests detect it.
    public enum Lie {
        NONE,
        FORCES_NO_FILE,
        FORCES_NO_DIRECTORY,
        FORCES_AFTER_RENAME
    }

    private sealed interface Change {
        record Link(String name, SimulatedFile file) implements Change {}

        record Unlink(String name) implements Change {}

        record Rename(String from, String to, SimulatedFile file) implements Change {}
    }

    final Random random;
    private final Lie lie;
    private final Map<String, SimulatedFile> seen = new HashMap<>();
    private final Map<String, SimulatedFile> safe = new HashMap<>();
    private final List<Change> pending = new ArrayList<>();
    private final List<SimulatedFile> forcedLate = new ArrayList<>();
    private boolean isLocked;
    private int untilCut = Integer.MAX_VALUE;
    private int untilFailure = Integer.MAX_VALUE;
    private int failures;
    private long room = Long.MAX_VALUE;
    private boolean isReadOnly;
    private boolean failsForces;

    public SimulatedDisk(Random random, Lie lie) {
        this.random = random;
        this.lie = lie;
    }

    /// Cuts the power after a number of calls that change something.
    public synchronized void cutAfter(int calls) {
        untilCut = calls;
    }

    /// Fails `count` calls in a row that change something, after `calls` successful ones.
    public synchronized void failAfter(int calls, int count) {
        untilFailure = calls;
        failures = count;
    }

    public synchronized void heal() {
        untilFailure = Integer.MAX_VALUE;
        room = Long.MAX_VALUE;
        isReadOnly = false;
        failsForces = false;
    }

    /// Fails every call that changes something, until [#heal].
    public synchronized void turnReadOnly() {
        isReadOnly = true;
    }

    /// Fails every force of a file, until [#heal].
    public synchronized void failForces() {
        failsForces = true;
    }

    /// Leaves free space for `rest` more bytes.
    public synchronized void fill(long rest) {
        room = used() + rest;
    }

    /// Simulates the kill of the process, after which the page cache remains.
    public synchronized void kill() {
        isLocked = false;
        untilCut = Integer.MAX_VALUE;
        heal();
    }

    /// Returns a copy of the disk as the next process finds it after a kill. The killed process may go on with this
    /// one.
    public synchronized SimulatedDisk afterKill() {
        var next = new SimulatedDisk(random, lie);
        var copies = new IdentityHashMap<SimulatedFile, SimulatedFile>();
        UnaryOperator<SimulatedFile> copy = file -> copies.computeIfAbsent(file, before -> before.copy(next));
        seen.forEach((name, file) -> next.seen.put(name, copy.apply(file)));
        safe.forEach((name, file) -> next.safe.put(name, copy.apply(file)));
        for (var change : pending) {
            next.pending.add(
                    switch (change) {
                        case Change.Link(var name, var file) -> new Change.Link(name, copy.apply(file));
                        case Change.Unlink unlink -> unlink;
                        case Change.Rename(var from, var to, var file) -> new Change.Rename(from, to, copy.apply(file));
                    });
        }
        return next;
    }

    /// Returns the disk as the next boot finds it.
    public synchronized SimulatedDisk afterPowerCut() {
        var next = new SimulatedDisk(random, lie);
        var chance = chance();
        for (var change : pending) {
            if (random.nextDouble() < chance) {
                apply(change, safe);
            }
        }
        safe.forEach((name, file) -> {
            var kept = file.afterPowerCut(next, chance());
            next.safe.put(name, kept);
            next.seen.put(name, kept);
        });
        return next;
    }

    private double chance() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> 0.9;
            default -> random.nextDouble();
        };
    }

    private static void apply(Change change, Map<String, SimulatedFile> names) {
        switch (change) {
            case Change.Link(var name, var file) -> names.put(name, file);
            case Change.Unlink(var name) -> names.remove(name);
            case Change.Rename(var from, var to, var file) -> {
                names.remove(from, file);
                names.put(to, file);
            }
        }
    }

    private void change(Change change) throws IOException {
        step();
        apply(change, seen);
        pending.add(change);
    }

    /// Replaces a file, as disk damage or an operator does.
    public synchronized void put(String name, byte[] bytes) {
        var file = new SimulatedFile(this, bytes);
        seen.put(name, file);
        safe.put(name, file);
    }

    /// Removes a file, as an operator does.
    public synchronized void lose(String name) {
        seen.remove(name);
        safe.remove(name);
    }

    /// Counts a call that changes something, and fails it if requested.
    void step() throws IOException {
        if (untilCut-- <= 0) {
            untilCut = 0;
            throw new PowerCut();
        }
        if (untilFailure-- <= 0 && failures-- > 0) {
            untilFailure = 0;
            throw new IOException("Input/output error");
        }
        if (isReadOnly) {
            throw new IOException("Read-only file system");
        }
    }

    void stepForce() throws IOException {
        step();
        if (failsForces) {
            throw new IOException("Input/output error");
        }
    }

    void use(long more) throws IOException {
        if (more > 0 && room < Long.MAX_VALUE && used() + more > room) {
            throw new IOException("No space left on device");
        }
    }

    private long used() {
        return seen.values().stream().mapToLong(SimulatedFile::size).sum();
    }

    /// Returns whether the disk omits to force the file.
    boolean forgetsForce(SimulatedFile file) {
        if (lie == Lie.FORCES_AFTER_RENAME) {
            var isTemporary = seen.entrySet().stream()
                    .anyMatch(
                            entry -> entry.getValue() == file && entry.getKey().endsWith(".tmp"));
            if (isTemporary) {
                forcedLate.add(file);
            }
            return isTemporary;
        }
        return lie == Lie.FORCES_NO_FILE;
    }

    @Override
    public synchronized DiskLock lock() {
        if (isLocked) {
            throw new LogInUseException("The store is in use by another process; stop it.");
        }
        isLocked = true;
        return this::unlock;
    }

    private synchronized void unlock() {
        isLocked = false;
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        var file = new SimulatedFile(this);
        change(new Change.Link(name, file));
        return file.opened();
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        return file(name).opened();
    }

    @Override
    public synchronized DiskFile read(String name) throws IOException {
        return file(name).opened();
    }

    synchronized SimulatedFile file(String name) throws IOException {
        var file = seen.get(name);
        if (file == null) {
            throw new FileNotFoundException(name);
        }
        return file;
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        change(new Change.Rename(from, to, file(from)));
        for (var file : forcedLate) {
            step();
            file.keepAll();
        }
        forcedLate.clear();
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        if (seen.containsKey(name)) {
            change(new Change.Unlink(name));
        }
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(seen.keySet());
    }

    @Override
    public synchronized void forceDirectory() throws IOException {
        step();
        if (lie != Lie.FORCES_NO_DIRECTORY) {
            pending.forEach(change -> apply(change, safe));
            pending.clear();
        }
    }

    @Override
    public String path(String name) {
        return "/store/" + name;
    }
}
