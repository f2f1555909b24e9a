package dev.tidemark.forwarder;

import java.util.List;

/// Which addresses may be called.
///
/// @param publicOnly whether private networks need `allow` as well
/// @param allow addresses and networks, e.g. `127.0.0.0/8`
public record EgressConfig(boolean publicOnly, List<String> allow) {
    /// @throws InvalidSettingException if `allow` holds something else
    public EgressConfig {
        allow = List.copyOf(allow);
        allow.forEach(EgressPolicy::network);
    }

    public static EgressConfig standard() {
        return new EgressConfig(false, List.of());
    }
}
