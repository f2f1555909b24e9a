package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.stream.StreamedBody;
import dev.tidemark.daemon.config.NameSuggester;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Response of the admin API. Errors are RFC 9457 problem details.
///
/// @param stream body that is written while events arrive, instead of `body`
record AdminReply(
        int status, String contentType, String body, Map<String, String> headers, Optional<StreamedBody> stream) {
    static final String JSON = "application/json; charset=utf-8";
    private static final String EVENTS = "text/event-stream; charset=utf-8";
    private static final String PROBLEM = "application/problem+json";

    /// Beginning of the `type` of every problem; `docs/problems.md` explains each name behind it.
    private static final String PROBLEMS = "https://tidemark.dev/problems/";

    AdminReply(int status, String contentType, String body, Map<String, String> headers) {
        this(status, contentType, body, headers, Optional.empty());
    }

    /// Creates a response with server-sent events. The server closes `events`.
    static AdminReply stream(StreamedBody events) {
        // asks nginx not to collect the events
        return new AdminReply(200, EVENTS, "", Map.of("X-Accel-Buffering", "no"), Optional.of(events));
    }

    static AdminReply of(Object tree) {
        return json(200, tree);
    }

    static AdminReply json(int status, Object tree) {
        return new AdminReply(status, JSON, YamlJsonCodec.toJson(tree), Map.of());
    }

    static AdminReply noContent() {
        return new AdminReply(204, JSON, "", Map.of());
    }

    static AdminReply text(String contentType, String body) {
        return new AdminReply(200, contentType, body, Map.of());
    }

    /// Creates a problem response. Programs read `type` instead of `detail`.
    ///
    /// @param type name of the problem in `docs/problems.md`
    static AdminReply problem(int status, String type, String detail) {
        return problem(status, type, detail, Map.of());
    }

    static AdminReply problem(int status, String type, String detail, Map<String, Object> more) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("type", PROBLEMS + type);
        tree.put("title", type.replace('-', ' '));
        tree.put("status", status);
        tree.put("detail", detail);
        tree.putAll(more);
        return new AdminReply(status, PROBLEM, YamlJsonCodec.toJson(tree), Map.of());
    }

    static AdminReply badParameter(String detail) {
        return problem(400, "bad-parameter", detail);
    }

    /// Returns the 404 for a name that is not in the configuration.
    ///
    /// @param kind kind of the named object, such as `sink`
    /// @param known names that the caller may see
    static AdminReply unknownName(String kind, String name, Collection<String> known) {
        return notFound("no " + kind + " is called '" + name + "' here" + nearest(name, known));
    }

    /// Returns the end of a sentence about an unknown name; empty if no name is known.
    static String nearest(String name, Collection<String> known) {
        return NameSuggester.nearest(name, known)
                .map(found -> "; the nearest is " + found)
                .orElse("");
    }

    static AdminReply notFound(String detail) {
        return problem(404, "not-found", detail);
    }

    AdminReply with(String header, String value) {
        var all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new AdminReply(status, contentType, body, all, stream);
    }
}
