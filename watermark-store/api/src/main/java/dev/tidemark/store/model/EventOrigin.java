package dev.tidemark.store.model;

/// Path by which an event was found.
public enum EventOrigin {
    PUSH,
    STREAM,
    POLL,
    RESYNC,
    SNAPSHOT
}
