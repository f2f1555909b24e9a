package dev.tidemark.authservers;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.ChannelBinding;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/// Guards a service by SPNEGO with the JVM's acceptor, one login per connection.
public final class SpnegoGuard implements RequestGuard {
    /// Accepted principals, and the reasons of refusals.
    public final List<String> accepted = new CopyOnWriteArrayList<>();
    public final List<String> verdicts = new CopyOnWriteArrayList<>();
    public final List<String> tokens = new CopyOnWriteArrayList<>();
    /// Changes to tokens of the client and of the server, as by a man in the middle.
    public volatile UnaryOperator<byte[]> tampering = UnaryOperator.identity();
    public volatile UnaryOperator<byte[]> forging = UnaryOperator.identity();
    /// If false, each request must log in, and the server announces that.
    public volatile boolean persistent = true;
    /// Channel binding that the JVM's acceptor compares; empty if it does not.
    public volatile Optional<ChannelBinding> channel = Optional.empty();

    private final Path keytab;
    private final Set<Integer> known = ConcurrentHashMap.newKeySet();

    public SpnegoGuard(Path keytab) {
        this.keytab = keytab;
    }

    public void forget() {
        known.clear();
    }

    @Override
    public boolean allows(HttpExchange exchange) throws IOException {
        var port = exchange.getRemoteAddress().getPort();
        var token = RequestGuard.authorization(exchange, "Negotiate");
        if (token.isEmpty()) {
            return known.contains(port) || RequestGuard.unauthorized(exchange, "Negotiate", "NTLM");
        }
        try {
            tokens.add(token.get());
            var answer = accept(tampering.apply(Base64.getDecoder().decode(token.get())));
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Negotiate " + Base64.getEncoder().encodeToString(forging.apply(answer)));
            if (persistent) {
                known.add(port);
            } else {
                exchange.getResponseHeaders().set("Persistent-Auth", "false");
            }
            return true;
        } catch (GSSException | LoginException e) {
            verdicts.add(String.valueOf(e));
            return RequestGuard.unauthorized(exchange, "Negotiate", "NTLM");
        }
    }

    /// Accepts one token; throws as the JVM does.
    public byte[] accept(byte[] token) throws GSSException, LoginException {
        var subject = new Subject();
        new LoginContext("acceptor", subject, callbacks -> {}, configuration()).login();
        try {
            return Subject.callAs(subject, () -> {
                var manager = GSSManager.getInstance();
                var credential = manager.createCredential(
                        null,
                        GSSCredential.INDEFINITE_LIFETIME,
                        new Oid[] {new Oid("1.3.6.1.5.5.2"), new Oid("1.2.840.113554.1.2.2")},
                        GSSCredential.ACCEPT_ONLY);
                var context = manager.createContext(credential);
                if (channel.isPresent()) {
                    context.setChannelBinding(channel.get());
                }
                return respond(context, token);
            });
        } catch (CompletionException e) {
            if (e.getCause() instanceof GSSException gss) {
                throw gss;
            }
            throw e;
        }
    }

    private byte[] respond(GSSContext context, byte[] token) throws GSSException {
        var answer = context.acceptSecContext(token, 0, token.length);
        accepted.add(context.getSrcName().toString());
        return answer;
    }

    private Configuration configuration() {
        var entry = new AppConfigurationEntry(
                "com.sun.security.auth.module.Krb5LoginModule",
                LoginModuleControlFlag.REQUIRED,
                Map.of(
                        "useKeyTab", "true",
                        "keyTab", keytab.toString(),
                        "principal", TestKdc.SERVICE,
                        "storeKey", "true",
                        "isInitiator", "false",
                        "doNotPrompt", "true"));
        return new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {entry};
            }
        };
    }
}
