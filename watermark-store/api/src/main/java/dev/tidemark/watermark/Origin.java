package dev.tidemark.watermark;

/// By which path an event was found.
public enum Origin {
    PUSH,
    STREAM,
    POLL,
    RESYNC,
    SNAPSHOT
}
