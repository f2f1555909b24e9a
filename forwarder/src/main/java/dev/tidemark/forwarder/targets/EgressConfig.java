package dev.tidemark.forwarder.targets;

import dev.tidemark.http.ProxyConfig;
import java.util.List;
import java.util.Optional;

/// Settings of the addresses that may be called, and of the proxy.
///
/// @param publicOnly true if private networks need an entry in `allow`, too
/// @param allow addresses and networks, for example `127.0.0.0/8`
/// @param proxy proxy of all webhooks; it resolves their names, and its own address is not checked
public record EgressConfig(boolean publicOnly, List<String> allow, Optional<ProxyConfig> proxy) {
    /// @throws InvalidSettingException if an entry of `allow` is not an address or a network
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
