package dev.tidemark.forwarder.target;

import dev.tidemark.http.ProxyConfig;
import java.util.List;
import java.util.Optional;

/// Which addresses may be called, and through what.
///
/// @param publicOnly whether private networks need `allow` as well
/// @param allow addresses and networks, e.g. `127.0.0.0/8`
/// @param proxy what all webhooks are called through; it resolves their names, and may itself be anywhere
public record EgressConfig(boolean publicOnly, List<String> allow, Optional<ProxyConfig> proxy) {
    /// @throws InvalidSettingException if `allow` holds something else
    public EgressConfig {
        allow = List.copyOf(allow);
        allow.forEach(EgressPolicy::network);
    }

    public EgressConfig(boolean publicOnly, List<String> allow) {
        this(publicOnly, allow, Optional.empty());
    }

    public static EgressConfig standard() {
        return new EgressConfig(false, List.of());
    }
}
