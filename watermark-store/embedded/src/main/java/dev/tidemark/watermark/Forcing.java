package dev.tidemark.watermark;

/// How what is committed gets to the disk. Tests take the force away, to see that they would notice.
///
/// @param turnBytes after which the write-ahead log changes its file: so much is read again after a crash,
///     twice at most, and H2's chunks are so large under load
record Forcing(Effort effort, long turnBytes) {
    static final Forcing USUAL = new Forcing(Effort.FORCE, 4L << 20);

    /// What a write waits for.
    enum Effort {
        /// nothing: H2 writes in its own time
        NONE,
        /// that it is written, and may be in the system's memory only
        WRITE,
        /// that it is on stable storage
        FORCE
    }

    boolean forced() {
        return effort == Effort.FORCE;
    }
}
