package dev.tidemark.ews.login;

import dev.tidemark.ews.login.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.http.WebHost;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How to reach one Exchange organisation. `serverVersion` is the RequestServerVersion to send; `timeout`
/// bounds connecting and each wait for bytes; `concurrency` is the number of requests under way at once; a
/// `proxy` is used for every request; `connectingName` is how impersonation names a mailbox.
public record ConnectionConfig(
        String name,
        URI url,
        String serverVersion,
        Auth auth,
        boolean impersonation,
        Duration timeout,
        int concurrency,
        EwsTlsConfig tls,
        Optional<ProxyConfig> proxy,
        ConnectingName connectingName) {

    /// Creates a connection that names mailboxes in the usual way for its version.
    public ConnectionConfig(
            String name,
            URI url,
            String serverVersion,
            Auth auth,
            boolean impersonation,
            Duration timeout,
            int concurrency,
            EwsTlsConfig tls,
            Optional<ProxyConfig> proxy) {
        this(
                name,
                url,
                serverVersion,
                auth,
                impersonation,
                timeout,
                concurrency,
                tls,
                proxy,
                ConnectingName.usual(serverVersion));
    }

    /// Straight to a server that the JVM's authorities vouch for.
    public ConnectionConfig(
            String name,
            URI url,
            String serverVersion,
            Auth auth,
            boolean impersonation,
            Duration timeout,
            int concurrency) {
        this(name, url, serverVersion, auth, impersonation, timeout, concurrency, EwsTlsConfig.USUAL, Optional.empty());
    }

    /// The same way to another address.
    public ConnectionConfig at(URI other) {
        return new ConnectionConfig(
                name, other, serverVersion, auth, impersonation, timeout, concurrency, tls, proxy, connectingName);
    }

    /// How to log in.
    public sealed interface Auth {
        record None() implements Auth {}

        /// Sent with the first request already, never after a challenge only.
        record Basic(String username, String password) implements Auth {
            @Override
            public String toString() {
                return "Basic[username=" + username + ", password=redacted]";
            }
        }

        /// NTLM version 2, once a connection. The user is `DOMAIN\\user`, `user@domain` or a bare name, which
        /// the server then looks up in its own domain.
        record Ntlm(String username, String password) implements Auth {
            @Override
            public String toString() {
                return "Ntlm[username=" + username + ", password=redacted]";
            }
        }

        /// Kerberos by SPNEGO, once a connection. The principal is `user@REALM`. `krb5Conf` holds for the
        /// whole JVM; without one the JVM looks in its usual places. `service` is the server's principal
        /// where it is not `HTTP/` and the host of the address.
        record Kerberos(String principal, KerberosSecret secret, Optional<Path> krb5Conf, Optional<String> service)
                implements Auth {}

        /// The client credentials grant of RFC 6749, section 4.4. Without a `scope`, tokens are asked for the
        /// service that each request goes to.
        record OAuth2(URI tokenUrl, String clientId, ClientProof proof, Optional<String> scope) implements Auth {
            private static final String ONLINE = "outlook.office365.com";

            /// What the token is for. All hosts of Exchange Online are one service (docs,
            /// how-to-authenticate-an-ews-application-by-using-oauth).
            public String scopeAt(URI service) {
                return scope.orElseGet(() -> "https://" + audience(WebHost.textIn(service)) + "/.default");
            }

            private static String audience(String host) {
                var plain = host.toLowerCase(Locale.ROOT);
                var online = Stream.of("outlook.com", "office365.com", "office.com")
                        .anyMatch(domain -> plain.equals(domain) || plain.endsWith("." + domain));
                return online ? ONLINE : host;
            }
        }
    }

    /// What a Kerberos principal proves itself with.
    public sealed interface KerberosSecret {
        record Keytab(Path path) implements KerberosSecret {}

        record Password(String value) implements KerberosSecret {
            @Override
            public String toString() {
                return "Password[redacted]";
            }
        }
    }

    /// What a client proves itself with at the token endpoint.
    public sealed interface ClientProof {
        record Secret(String value) implements ClientProof {
            @Override
            public String toString() {
                return "Secret[redacted]";
            }
        }

        /// Signs an assertion (RFC 7523). The file is a PKCS12 or JKS store with key and certificate, or a
        /// PEM certificate; the PEM key is in `privateKey`, or in the same file.
        record Certificate(StoreFile file, Optional<Path> privateKey) implements ClientProof {
            /// Reads it; throws [UnreadableStoreException] where it cannot sign.
            public void open() {
                AssertionSigningKey.read(this);
            }
        }
    }
}
