package dev.tidemark.daemon.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Serves the status page and `openapi.yaml` from the class path. A strict content security policy blocks resources of
/// other hosts.
final class StatusPageRoutes {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private StatusPageRoutes() {}

    static void addTo(AdminRouter router) {
        add(router, "/", "index.html", "text/html; charset=utf-8");
        add(router, "/status.js", "status.js", "text/javascript; charset=utf-8");
        add(router, "/status.css", "status.css", "text/css; charset=utf-8");
        add(router, "/favicon.svg", "favicon.svg", "image/svg+xml");
        var openApi = AdminReply.text("application/yaml", text("openapi.yaml"));
        router.get("/openapi.yaml", RouteContract.forAll(), request -> openApi);
    }

    private static void add(AdminRouter router, String path, String file, String type) {
        var reply = AdminReply.text(type, text("page/" + file))
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "no-referrer")
                .with("X-Frame-Options", "DENY");
        router.get(path, RouteContract.forAll(), request -> reply);
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
