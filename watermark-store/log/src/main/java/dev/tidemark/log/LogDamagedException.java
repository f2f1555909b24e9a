package dev.tidemark.log;

/// Reports that a file is missing, or that bytes of it are lost or changed.
final class LogDamagedException extends LogException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final long offset;

    /// @param cause second part of a sentence that begins with the file and the offset
    LogDamagedException(String file, long offset, String cause) {
        super("%s is damaged at offset %d: %s; restore the store from a backup.".formatted(file, offset, cause), null);
        this.file = file;
        this.offset = offset;
    }

    /// Returns the full name of the damaged file, or of the file that proves that another one is missing.
    public String file() {
        return file;
    }

    /// Returns the offset in the file at which the damage was found.
    public long offset() {
        return offset;
    }
}
