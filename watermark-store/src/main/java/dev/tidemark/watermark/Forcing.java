package dev.tidemark.watermark;

/// How what is committed gets to the disk. Tests take the force away, to see that they would notice.
///
/// @param statement by which H2 writes and forces what is committed
/// @param turnBytes after which the write-ahead log changes its file: so much is read again after a crash, twice
///     at most, and H2's chunks are so large under load
record Forcing(String statement, long turnBytes) {
    /// H2's commit returns before the file is forced; this writes what is committed and forces it.
    static final String SYNC = "CHECKPOINT SYNC";

    static final Forcing USUAL = new Forcing(SYNC, 4L << 20);

    boolean forced() {
        return statement.equals(SYNC);
    }
}
