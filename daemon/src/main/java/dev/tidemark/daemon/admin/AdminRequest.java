package dev.tidemark.daemon.admin;

import java.util.Map;
import java.util.Optional;

/// Request to the admin API. `path` is percent-encoded, as it was sent; `query` holds the first value of each
/// parameter, decoded; `variables` are the parts of the path that the route leaves open; `host` and `origin` are
/// the headers of that name, `body` the beginning of a text that was sent along.
record AdminRequest(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> variables,
        Optional<String> host,
        Optional<String> origin,
        String body) {
    AdminRequest(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> variables,
            Optional<String> host,
            Optional<String> origin) {
        this(method, path, query, variables, host, origin, "");
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    AdminRequest with(Map<String, String> found) {
        return new AdminRequest(method, path, query, found, host, origin, body);
    }
}
