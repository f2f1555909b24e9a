package dev.tidemark.store.model;

/// By which path an event was found.
public enum EventOrigin {
    PUSH,
    STREAM,
    POLL,
    RESYNC,
    SNAPSHOT
}
