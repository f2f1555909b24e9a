package dev.tidemark.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Request as the front door receives it. `target` is the path with the query.
record SimulatorRequest(String method, String target, Map<String, String> headers, String body) {
    /// Header names that the simulator reads.
    private static final List<String> NAMES =
            List.of("authorization", "cookie", "host", "x-anchormailbox", "x-preferserveraffinity");

    SimulatorRequest {
        headers = Map.copyOf(headers);
    }

    static Map<String, String> headers(Function<String, @Nullable String> values) {
        var found = new HashMap<String, String>();
        for (var name : NAMES) {
            Optional.ofNullable(values.apply(name)).ifPresent(value -> found.put(name, value));
        }
        return found;
    }

    Optional<String> authorization() {
        return Optional.ofNullable(headers.get("authorization"));
    }

    /// Returns the host and port by which the client reached the server.
    Optional<String> host() {
        return Optional.ofNullable(headers.get("host")).filter(host -> host.matches("[A-Za-z0-9._:\\[\\]-]+"));
    }

    AffinityRoute route() {
        return AffinityRoute.of(headers);
    }
}
