package dev.tidemark.store.model;

import java.time.Instant;

/// What is fixed at a store's first start.
///
/// @param name names this deployment in events
/// @param tokenKey 32 random bytes in Base64 that sign call-back tokens where configuration gives no key
/// @param stoppedCleanly whether the last use of this store was closed in order
public record InstanceRecord(String name, String tokenKey, Instant createdAt, boolean stoppedCleanly) {
    @Override
    public String toString() {
        return "InstanceRecord[name=" + name + ", createdAt=" + createdAt + ", stoppedCleanly=" + stoppedCleanly + "]";
    }
}
