package dev.tidemark.authservers;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Optional;

/// Decides about each request, whose body has been read. It has answered by itself where it returns false.
@FunctionalInterface
public interface RequestGuard {
    boolean lets(HttpExchange exchange) throws IOException;

    /// A refusal as IIS makes it, with a page for people. Returns false.
    static boolean unauthorized(HttpExchange exchange, String... challenges) throws IOException {
        for (var challenge : challenges) {
            exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
        }
        GuardedServer.answer(
                exchange, 401, "<html>401 - Unauthorized: Access is denied due to invalid credentials.</html>");
        return false;
    }

    /// What the client shows for this scheme.
    static Optional<String> authorization(HttpExchange exchange, String scheme) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .filter(value -> value.startsWith(scheme + " "))
                .map(value -> value.substring(scheme.length() + 1));
    }
}
