package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.config.TidemarkConfig;
import java.util.List;

/// Keys that a reload applies. Everything else needs a restart.
///
/// @param samePath true if the listener serves the path of the public URL
/// @param sameTls true if the listener uses TLS before and after, or neither
/// @param sameTokens true if `admin.tokens` has tokens before and after; without them, the token of the first start
///     applies
record LiveScope(boolean samePath, boolean sameTls, boolean sameTokens) {
    private static final List<String> LIVE = List.of(
            "connections.",
            "subscriptions.",
            "sinks.",
            "egress.",
            "listener.allow-from",
            "listener.trusted-proxies",
            "listener.max-body",
            "listener.max-connections",
            "listener.queue",
            "listener.drain",
            "listener.token-key",
            "listener.previous-token-keys");

    static LiveScope of(TidemarkConfig started, TidemarkConfig next) {
        return new LiveScope(next.hasSamePath(started), next.hasSameTls(started), next.hasSameTokens(started));
    }

    boolean covers(String key) {
        if (key.equals("listener.public-url")) {
            return samePath;
        }
        if (key.startsWith("listener.tls")) {
            return sameTls;
        }
        return key.startsWith("admin.tokens") ? sameTokens : LIVE.stream().anyMatch(key::startsWith);
    }
}
