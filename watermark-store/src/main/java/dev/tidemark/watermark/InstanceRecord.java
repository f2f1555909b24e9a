package dev.tidemark.watermark;

import java.time.Instant;

/// What is fixed at a store's first start.
///
/// @param name names this deployment in events
/// @param tokenKey 32 random bytes that sign call-back tokens where configuration gives no key
/// @param stoppedCleanly whether the last use of this store was closed in order
public record InstanceRecord(String name, byte[] tokenKey, Instant createdAt, boolean stoppedCleanly) {
    public InstanceRecord {
        tokenKey = tokenKey.clone();
    }

    @Override
    public byte[] tokenKey() {
        return tokenKey.clone();
    }
}
