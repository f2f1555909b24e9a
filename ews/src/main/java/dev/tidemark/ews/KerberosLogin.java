package dev.tidemark.ews;

import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.EwsError;
import java.security.PrivilegedActionException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import org.ietf.jgss.ChannelBinding;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs in by Kerberos inside SPNEGO (RFC 4559), with dedicated tickets. The library's own scheme is deprecated
/// and uses the tickets of the whole process. Called by [LoginRequestExecutor]. Thread-safe.
final class KerberosLogin implements HttpLogin.PerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(KerberosLogin.class);
    private static final String SPNEGO = "1.3.6.1.5.5.2";

    private final KerberosTicketCache tickets;
    private final String service;
    private final boolean channelBinding;

    /// Creates a login without tickets.
    ///
    /// @param host host of the address, which names the service
    public KerberosLogin(Auth.Kerberos auth, String host, Clock clock) {
        this.tickets = new KerberosTicketCache(auth, clock);
        this.channelBinding = auth.channelBinding();
        // RFC 2743, section 4.1: service@host
        this.service = auth.service().orElse("HTTP/" + host).replaceFirst("/", "@");
    }

    @Override
    public EwsError refusalError() {
        tickets.drop();
        return LoginErrors.afterHandshake("Kerberos", "principal");
    }

    @Override
    public Handshake startHandshake(Optional<X509Certificate> server) throws LoginFailedException {
        return new Negotiation(
                tickets.current(), server.filter(ignored -> channelBinding).flatMap(KerberosLogin::binding));
    }

    private final class Negotiation implements Handshake {
        private final Subject subject;
        private final GSSContext context;

        private Negotiation(Subject subject, Optional<ChannelBinding> channel) throws LoginFailedException {
            this.subject = subject;
            this.context = as(subject, () -> {
                var manager = GSSManager.getInstance();
                var name = manager.createName(service, GSSName.NT_HOSTBASED_SERVICE);
                var made = manager.createContext(name, new Oid(SPNEGO), null, GSSContext.DEFAULT_LIFETIME);
                made.requestMutualAuth(true);
                if (channel.isPresent()) {
                    made.setChannelBinding(channel.get());
                }
                return made;
            });
        }

        @Override
        public String scheme() {
            return "Negotiate";
        }

        @Override
        public boolean startsWithoutBody() {
            return false;
        }

        @Override
        public String firstToken() throws LoginFailedException {
            return step(new byte[0])
                    .orElseThrow(
                            () -> new LoginFailedException(LoginErrors.temporary("Kerberos returned no first token.")));
        }

        @Override
        public Optional<String> nextToken(String token) throws LoginFailedException {
            try {
                return step(Base64.getDecoder().decode(token));
            } catch (IllegalArgumentException broken) {
                throw new LoginFailedException(LoginErrors.unreadable("Kerberos", broken), broken);
            }
        }

        private Optional<String> step(byte[] token) throws LoginFailedException {
            if (context.isEstablished()) {
                return Optional.empty();
            }
            byte[] response = as(subject, () -> context.initSecContext(token, 0, token.length));
            return Optional.ofNullable(response)
                    .filter(bytes -> bytes.length > 0)
                    .map(Base64.getEncoder()::encodeToString);
        }
    }

    private interface Step<T> {
        T run() throws GSSException;
    }

    private <T> T as(Subject subject, Step<T> step) throws LoginFailedException {
        try {
            return Subject.callAs(subject, step::run);
        } catch (CompletionException e) {
            var cause = e.getCause() instanceof PrivilegedActionException wrapped ? wrapped.getCause() : e.getCause();
            if (cause instanceof GSSException gss) {
                // the tickets may be the cause: they can expire during a sleep of the machine
                tickets.drop();
                throw new LoginFailedException(
                        KerberosErrorClassifier.forService(gss, service.replaceFirst("@", "/")), gss);
            }
            throw e;
        }
    }

    /// Returns the channel binding. Windows accepts only the kind that the JDK keeps internal (JDK-8263448),
    /// and refuses any other. Returns none if the JVM does not export it.
    private static Optional<ChannelBinding> binding(X509Certificate server) {
        try {
            var made = Class.forName("sun.security.jgss.krb5.internal.TlsChannelBindingImpl")
                    .asSubclass(ChannelBinding.class)
                    .getConstructor(byte[].class)
                    .newInstance((Object) TlsChannelBinding.of(server));
            return Optional.of(made);
        } catch (ReflectiveOperationException closed) {
            LOG.debug(
                    "Channel binding is unavailable; start the JVM with --add-exports java.security.jgss/"
                            + "sun.security.jgss.krb5.internal=ALL-UNNAMED",
                    closed);
            return Optional.empty();
        }
    }
}
