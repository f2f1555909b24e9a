package dev.tidemark.authservers;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Optional;

/// Decides about each request after its body was read. If it returns false, it has sent the response.
@FunctionalInterface
public interface RequestGuard {
    boolean allows(HttpExchange exchange) throws IOException;

    /// Returns a guard by Basic (RFC 7617) for one user.
    static RequestGuard basic(String user, String password) {
        return new BasicGuard(user, password);
    }

    /// Sends a refusal with an HTML page, as IIS does. Returns false.
    static boolean unauthorized(HttpExchange exchange, String... challenges) throws IOException {
        for (var challenge : challenges) {
            exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
        }
        GuardedServer.respond(
                exchange, 401, "<html>401 - Unauthorized: Access is denied due to invalid credentials.</html>");
        return false;
    }

    /// Returns the client's token for this scheme.
    static Optional<String> authorization(HttpExchange exchange, String scheme) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .filter(value -> value.startsWith(scheme + " "))
                .map(value -> value.substring(scheme.length() + 1));
    }
}
