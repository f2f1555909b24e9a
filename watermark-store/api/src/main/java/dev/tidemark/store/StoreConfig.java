package dev.tidemark.store;

import java.time.Duration;

/// How to open a store. `instance` names the deployment; `instanceConfigured` is false where it is only the
/// host name, which an existing store overrules. `minFree` is in bytes: below it nothing is accepted.
/// `resyncMargin` is how far back of a watermark's time the ids of stored events still count against what a
/// resync finds.
public record StoreConfig(
        String url,
        String username,
        String password,
        String instance,
        boolean instanceConfigured,
        long minFree,
        Duration resyncMargin) {
    @Override
    public String toString() {
        return "StoreConfig[url=" + url + ", instance=" + instance + "]";
    }
}
