package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Request to the admin API.
///
/// @param path path, percent-encoded as received
/// @param query first value of each parameter, decoded
/// @param variables parts of the path that match the variables of the route
/// @param headers first value of each header, by its name in lower case
/// @param remote address of the client, or of the proxy before it
/// @param content reads the beginning of the body, once; not before the caller is admitted
/// @param scope groups that the caller may see and change
/// @param admission returns true while the caller's token admits the same; asked by long responses
record AdminRequest(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> variables,
        Map<String, String> headers,
        String remote,
        Supplier<BodyText> content,
        AccessScope scope,
        BooleanSupplier admission) {
    /// Beginning of a body.
    ///
    /// @param refusal response to a body that is too long or cannot be read
    record BodyText(String text, Optional<AdminReply> refusal) {}

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD");
    private static final Set<String> FORWARDED =
            Set.of("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip");

    AdminRequest(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> variables,
            Optional<String> host,
            Optional<String> origin) {
        this(method, path, query, variables, host, origin, "");
    }

    AdminRequest(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> variables,
            Optional<String> host,
            Optional<String> origin,
            String body) {
        this(
                method,
                path,
                query,
                variables,
                headers(host, origin),
                "127.0.0.1",
                () -> new BodyText(body, Optional.empty()),
                AccessScope.ALL,
                () -> true);
    }

    private static Map<String, String> headers(Optional<String> host, Optional<String> origin) {
        var headers = new LinkedHashMap<String, String>();
        host.ifPresent(value -> headers.put("host", value));
        origin.ifPresent(value -> headers.put("origin", value));
        return headers;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// Returns the beginning of the body; reads it at the first call.
    String body() {
        return content.get().text();
    }

    /// Returns the fields of the JSON object in the body; none if the body is blank. Is strict, because a
    /// selection that is not understood would select everything.
    ///
    /// @param known names of the fields that the route accepts
    /// @throws BadValueException if the body is no JSON object, has another field, or has a field twice
    Map<String, Object> fields(List<String> known) throws BadValueException {
        var body = body();
        if (body.isBlank()) {
            return Map.of();
        }
        var fields = YamlJsonCodec.findJsonObject(body)
                .orElseThrow(() -> new BadValueException(
                        "the body is no JSON object; send one of " + String.join(", ", known) + ", or no body"));
        for (var name : fields.keySet()) {
            if (!known.contains(name)) {
                throw new BadValueException("'" + name + "' is not known" + AdminReply.nearest(name, known));
            }
        }
        var repeated = YamlJsonCodec.findRepeatedKey(body);
        if (repeated.isPresent()) {
            throw new BadValueException("'" + repeated.get() + "' occurs twice; keep one of them");
        }
        return fields;
    }

    /// Returns the response to a body that is too long or cannot be read; reads it at the first call.
    Optional<AdminReply> bodyRefusal() {
        return content.get().refusal();
    }

    Optional<String> host() {
        return header("host");
    }

    Optional<String> origin() {
        return header("origin");
    }

    /// Returns true if the request changes nothing.
    boolean isSafe() {
        return SAFE_METHODS.contains(method);
    }

    /// Returns true if a proxy names the client that it serves.
    boolean isForwarded() {
        return FORWARDED.stream().anyMatch(headers::containsKey);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    AdminRequest with(Map<String, String> found) {
        return new AdminRequest(method, path, query, found, headers, remote, content, scope, admission);
    }

    AdminRequest with(AccessScope callersScope, BooleanSupplier callersAdmission) {
        return new AdminRequest(
                method, path, query, variables, headers, remote, content, callersScope, callersAdmission);
    }

    AdminRequest with(String header, String value) {
        var all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new AdminRequest(method, path, query, variables, all, remote, content, scope, admission);
    }
}
