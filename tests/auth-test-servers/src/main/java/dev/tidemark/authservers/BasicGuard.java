package dev.tidemark.authservers;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Guards a server by Basic (RFC 7617) for one user, with the JDK's authenticator.
final class BasicGuard implements RequestGuard {
    private final Authenticator authenticator;

    BasicGuard(String user, String password) {
        authenticator = new BasicAuthenticator("mail", StandardCharsets.UTF_8) {
            @Override
            public boolean checkCredentials(String shown, String secret) {
                return shown.equals(user) && secret.equals(password);
            }
        };
    }

    @Override
    public boolean allows(HttpExchange exchange) throws IOException {
        return switch (authenticator.authenticate(exchange)) {
            case Authenticator.Success ignored -> true;
            // the authenticator has added its challenge to the headers
            case Authenticator.Retry retry -> refuse(exchange, retry.getResponseCode());
            case Authenticator.Failure failure -> refuse(exchange, failure.getResponseCode());
            default -> throw new IllegalStateException("Unexpected result of the JDK's authenticator.");
        };
    }

    private static boolean refuse(HttpExchange exchange, int status) throws IOException {
        GuardedServer.respond(exchange, status, "<html>" + status + "</html>");
        return false;
    }
}
