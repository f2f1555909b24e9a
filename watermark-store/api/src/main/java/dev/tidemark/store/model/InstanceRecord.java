package dev.tidemark.store.model;

import java.time.Instant;

/// Values fixed at a store's first start.
///
/// @param name name of this deployment in events
/// @param tokenKey 32 random bytes in Base64 that sign callback tokens if no key is configured
/// @param stoppedCleanly true if the store was closed cleanly after its last use
public record InstanceRecord(String name, String tokenKey, Instant createdAt, boolean stoppedCleanly) {
    @Override
    public String toString() {
        return "InstanceRecord[name=" + name + ", createdAt=" + createdAt + ", stoppedCleanly=" + stoppedCleanly + "]";
    }
}
