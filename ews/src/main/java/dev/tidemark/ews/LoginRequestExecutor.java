package dev.tidemark.ews;

import dev.tidemark.http.StaleConnectionException;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/// Logs in on each connection before, or with, its first request, and remembers the connections that are logged
/// in. Replaces the part of the library that sends requests, because only that part knows the connection. The
/// library's own NTLM and SPNEGO are deprecated, and send the whole request with every step.
///
/// Called by the threads that send requests. One thread at a time uses a connection, and one account ever: the
/// pool belongs to this login. Thread-safe.
final class LoginRequestExecutor extends HttpRequestExecutor {
    private static final int UNAUTHORIZED = 401;
    private static final int MAX_STEPS = 4;
    private static final int MAX_REFUSED_BYTES = 256 * 1024;

    /// Statuses of a server that asks for no login, in response to a request without a body.
    private static final Set<Integer> NO_LOGIN = Set.of(200, 400, 405, 411, 415, 500);

    private final HttpLogin.PerConnection login;
    private final Set<HttpClientConnection> loggedIn =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    public LoginRequestExecutor(HttpLogin.PerConnection login) {
        this.login = login;
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request,
            HttpClientConnection connection,
            @Nullable HttpResponseInformationCallback information,
            HttpContext context)
            throws IOException, HttpException {
        // a tunnel through a proxy needs no login of the server
        if (request.getMethod().equals("CONNECT")) {
            return super.execute(request, connection, information, context);
        }
        return new Attempt(request, connection, context).execute();
    }

    private final class Attempt {
        private final ClassicHttpRequest request;
        private final HttpClientConnection connection;
        private final HttpContext context;

        private Attempt(ClassicHttpRequest request, HttpClientConnection connection, HttpContext context) {
            this.request = request;
            this.connection = connection;
            this.context = context;
        }

        private ClassicHttpResponse execute() throws IOException, HttpException {
            if (loggedIn.contains(connection)) {
                var response = send(request, Optional.empty());
                if (response.getCode() != UNAUTHORIZED) {
                    return response;
                }
                // the server ended the login, and may close the connection without one
                loggedIn.remove(connection);
                if (!staysOpen(response)) {
                    throw new StaleConnectionException("the server ended the kept connection's login");
                }
                drain(response, "login");
            }
            return logIn(login.startHandshake(TlsChannelBinding.serverCertificate(connection.getSSLSession())));
        }

        private ClassicHttpResponse logIn(HttpLogin.Handshake handshake) throws IOException, HttpException {
            var scheme = handshake.scheme();
            var response = send(
                    handshake.startsWithoutBody() ? withoutBody() : request,
                    Optional.of(scheme + " " + handshake.firstToken()));
            if (handshake.startsWithoutBody() && response.getCode() != UNAUTHORIZED) {
                return sendWithoutLogin(response, scheme);
            }
            for (var step = 1; response.getCode() == UNAUTHORIZED && step < MAX_STEPS; step++) {
                var token = LoginChallenges.token(challenges(response), scheme);
                if (token.isEmpty()) {
                    throw refusal(response, scheme, step > 1 || !handshake.startsWithoutBody());
                }
                drain(response, scheme);
                var next = handshake
                        .nextToken(token.get())
                        .orElseThrow(() -> new LoginFailedException(login.refusalError()));
                response = send(request, Optional.of(scheme + " " + next));
            }
            if (response.getCode() == UNAUTHORIZED) {
                throw new LoginFailedException(login.refusalError());
            }
            return complete(response, handshake);
        }

        /// Checks the proof of the server in its last response, if there is one. An invalid proof ends the
        /// request.
        private ClassicHttpResponse complete(ClassicHttpResponse response, HttpLogin.Handshake handshake)
                throws LoginFailedException {
            var token = LoginChallenges.token(challenges(response), handshake.scheme());
            if (token.isPresent()) {
                handshake.nextToken(token.get());
            }
            var persistent = response.getFirstHeader("Persistent-Auth");
            if (persistent == null || !"false".equalsIgnoreCase(persistent.getValue())) {
                loggedIn.add(connection);
            }
            return response;
        }

        /// Sends the whole request if the server requires no login. Returns a response of an overloaded server
        /// as it is.
        private ClassicHttpResponse sendWithoutLogin(ClassicHttpResponse response, String scheme)
                throws IOException, HttpException {
            if (!NO_LOGIN.contains(response.getCode())) {
                return response;
            }
            drain(response, scheme);
            loggedIn.add(connection);
            return send(request, Optional.empty());
        }

        private ClassicHttpResponse send(ClassicHttpRequest message, Optional<String> authorization)
                throws IOException, HttpException {
            authorization.ifPresentOrElse(
                    value -> message.setHeader(HttpHeaders.AUTHORIZATION, value),
                    () -> message.removeHeaders(HttpHeaders.AUTHORIZATION));
            try {
                return LoginRequestExecutor.super.execute(message, connection, null, context);
            } finally {
                message.removeHeaders(HttpHeaders.AUTHORIZATION);
            }
        }

        private ClassicHttpRequest withoutBody() {
            var withoutBody = ClassicRequestBuilder.copy(request).build();
            withoutBody.setEntity(null);
            withoutBody.removeHeaders(HttpHeaders.TRANSFER_ENCODING);
            withoutBody.removeHeaders(HttpHeaders.CONTENT_TYPE);
            withoutBody.setHeader(HttpHeaders.CONTENT_LENGTH, "0");
            return withoutBody;
        }

        /// Reads the rest of a response before the next request. If the connection ends with it, so does the
        /// login.
        private void drain(ClassicHttpResponse response, String scheme) throws IOException {
            var entity = response.getEntity();
            if (entity != null) {
                var read = entity.getContent().readNBytes(MAX_REFUSED_BYTES).length;
                if (read == MAX_REFUSED_BYTES) {
                    throw new LoginFailedException(LoginErrors.cutOff(scheme));
                }
                entity.close();
            }
            if (!staysOpen(response)) {
                throw new LoginFailedException(LoginErrors.cutOff(scheme));
            }
        }

        private boolean staysOpen(ClassicHttpResponse response) {
            return DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context);
        }

        private LoginFailedException refusal(ClassicHttpResponse response, String scheme, boolean complete) {
            var offered = LoginChallenges.offeredSchemes(challenges(response));
            var isOffered = Stream.of(offered.split(", ")).anyMatch(scheme::equalsIgnoreCase);
            return new LoginFailedException(
                    complete && (isOffered || offered.isEmpty())
                            ? login.refusalError()
                            : LoginErrors.notOffered(scheme, offered));
        }
    }

    private static Stream<String> challenges(ClassicHttpResponse response) {
        return Stream.of(response.getHeaders(HttpHeaders.WWW_AUTHENTICATE)).map(Header::getValue);
    }
}
