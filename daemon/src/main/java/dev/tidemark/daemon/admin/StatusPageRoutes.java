package dev.tidemark.daemon.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Serves the status page and `openapi.yaml` from the class path. The page is an application of native ES modules; the
/// build adds its libraries from WebJars. A strict content security policy blocks inline code and other hosts.
final class StatusPageRoutes {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    /// Files of the application, then its libraries.
    private static final List<String> FILES = List.of(
            "app.css",
            "app.js",
            "api.js",
            "connections.js",
            "format.js",
            "history.js",
            "letters.js",
            "live.js",
            "mailbox.js",
            "mailboxes.js",
            "nodes.js",
            "overview.js",
            "parts.js",
            "plot.js",
            "route.js",
            "sinks.js",
            "htm.js",
            "preact.js",
            "preact-hooks.js",
            "uplot.js",
            "uplot.css");

    private StatusPageRoutes() {}

    static void addTo(AdminRouter router) {
        var index = reply("text/html; charset=utf-8", "index.html");
        router.get("/", RouteContract.forAll(), request -> index);
        var icon = reply("image/svg+xml", "favicon.svg");
        router.get("/favicon.svg", RouteContract.forAll(), request -> icon);
        var files = FILES.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), file -> reply(file.endsWith(".css") ? STYLE : SCRIPT, file)));
        router.get("/page/{file}", RouteContract.forAll(), request -> file(files, request.variable("file")));
        var openApi = AdminReply.text("application/yaml", text("openapi.yaml"));
        router.get("/openapi.yaml", RouteContract.forAll(), request -> openApi);
    }

    private static AdminReply file(Map<String, AdminReply> files, String name) {
        return Optional.ofNullable(files.get(name))
                .orElseGet(() -> AdminReply.notFound("the page has no file '" + name + "'; reload the page"));
    }

    private static AdminReply reply(String type, String file) {
        return AdminReply.text(type, text("page/" + file))
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "no-referrer")
                .with("X-Frame-Options", "DENY");
    }

    private static String text(String file) {
        try (var in = StatusPageRoutes.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The admin API lacks " + file + "; the build is broken.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
