package dev.tidemark.authservers;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A server's side of Basic (RFC 7617) by the JDK's own authenticator, for one user.
public final class BasicGuard implements RequestGuard {
    private final Authenticator authenticator;

    public BasicGuard(String user, String password) {
        authenticator = new BasicAuthenticator("mail", StandardCharsets.UTF_8) {
            @Override
            public boolean checkCredentials(String shown, String secret) {
                return shown.equals(user) && secret.equals(password);
            }
        };
    }

    @Override
    public boolean lets(HttpExchange exchange) throws IOException {
        return switch (authenticator.authenticate(exchange)) {
            case Authenticator.Success ignored -> true;
            // it has put its challenge into the headers
            case Authenticator.Retry retry -> refused(exchange, retry.getResponseCode());
            case Authenticator.Failure failure -> refused(exchange, failure.getResponseCode());
            default -> throw new IllegalStateException("The JDK has another answer.");
        };
    }

    private static boolean refused(HttpExchange exchange, int status) throws IOException {
        GuardedServer.answer(exchange, status, "<html>" + status + "</html>");
        return false;
    }
}
