package dev.tidemark.log;

/// A file lacks or changed bytes that were on the disk before.
public final class LogDamagedException extends LogException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final long offset;

    /// @param cause end of a sentence that begins with the file and the offset
    LogDamagedException(String file, long offset, String cause) {
        super("%s is damaged at offset %d: %s; restore the store from a backup.".formatted(file, offset, cause), null);
        this.file = file;
        this.offset = offset;
    }

    /// Returns the full name of the damaged or missing file.
    public String file() {
        return file;
    }

    /// Returns the offset of the first damaged byte range in the file.
    public long offset() {
        return offset;
    }
}
