package dev.tidemark.daemon.admin;

import java.util.Map;
import java.util.Optional;

/// Request to the admin API.
///
/// @param path path, percent-encoded as received
/// @param query first value of each parameter, decoded
/// @param variables parts of the path that match the variables of the route
/// @param host header of that name
/// @param origin header of that name
/// @param body beginning of the request body
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
