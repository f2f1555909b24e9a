package dev.tidemark.values;

/// Opaque state of one folder's sync. It grows with the folder and is never shortened (docs,
/// syncfolderitems-operation).
public record SyncState(String value) {
    public SyncState {
        TextValidator.requireToken(value, "sync state");
    }
}
