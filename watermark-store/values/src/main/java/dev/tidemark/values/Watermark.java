package dev.tidemark.values;

/// Opaque bookmark in the event history of one mailbox. Watermarks can only be compared for equality: the
/// counter inside is shared by a whole database and jumps (docs, watermark).
public record Watermark(String value) {
    public Watermark {
        TextValidator.requireBookmark(value, "watermark");
    }
}
