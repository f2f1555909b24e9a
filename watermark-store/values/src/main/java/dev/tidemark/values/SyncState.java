package dev.tidemark.values;

/// The opaque state of one folder's synchronisation; grows with the folder and is never shortened
/// (docs, syncfolderitems-operation).
public record SyncState(String value) {
    public SyncState {
        TextValidator.requireToken(value, "sync state");
    }
}
