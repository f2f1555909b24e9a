package dev.tidemark.listener;

import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Serves the health path. Accepts OPTIONS as well, because some load balancers use it by default (HAProxy,
/// `option httpchk`). Thread-safe.
final class HealthHandler extends Handler.Abstract.NonBlocking {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS");

    private final String path;
    private final ListenerLifecycle lifecycle;

    HealthHandler(String path, ListenerLifecycle lifecycle) {
        this.path = path;
        this.lifecycle = lifecycle;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!METHODS.contains(request.getMethod())
                || !path.equals(request.getHttpURI().getPath())) {
            return false;
        }
        if (request.getMethod().equals("OPTIONS")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, OPTIONS");
        }
        CallbackTransaction.write(
                response,
                lifecycle.isHealthy() ? CallbackResponse.text(200, "ok") : CallbackResponse.text(503, "stopping"),
                callback);
        return true;
    }
}
