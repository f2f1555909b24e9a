package dev.tidemark.ews.config;

import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.ews.message.ConnectingName.SidLookup;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.http.WebHost;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Settings of the connection to one Exchange organization. `serverVersion` is the RequestServerVersion to send.
/// `timeout` bounds connecting and each wait for bytes. `concurrency` is the limit of requests in flight. `proxy`
/// serves every request. `connectingName` selects the name of a mailbox in impersonation. `sids` finds the
/// SIDs of mailboxes for impersonation by SID. Immutable.
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
        ConnectingName connectingName,
        SidLookup sids) {

    /// Creates a connection with the default kind of names for its version.
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
                ConnectingName.defaultFor(serverVersion),
                SidLookup.NONE);
    }

    /// Creates a connection without proxy, with the JVM's certificate authorities.
    public ConnectionConfig(
            String name,
            URI url,
            String serverVersion,
            Auth auth,
            boolean impersonation,
            Duration timeout,
            int concurrency) {
        this(
                name,
                url,
                serverVersion,
                auth,
                impersonation,
                timeout,
                concurrency,
                EwsTlsConfig.DEFAULT,
                Optional.empty());
    }

    /// Returns the same settings for another address.
    public ConnectionConfig withUrl(URI other) {
        return copy(other, auth, sids);
    }

    /// Returns the same settings with other SIDs of mailboxes.
    public ConnectionConfig withSids(SidLookup others) {
        return copy(url, auth, others);
    }

    /// Returns the same settings without channel binding; empty if the login sends none.
    public Optional<ConnectionConfig> withoutChannelBinding() {
        return auth.withoutChannelBinding().map(other -> copy(url, other, sids));
    }

    private ConnectionConfig copy(URI otherUrl, Auth otherAuth, SidLookup otherSids) {
        return new ConnectionConfig(
                name,
                otherUrl,
                serverVersion,
                otherAuth,
                impersonation,
                timeout,
                concurrency,
                tls,
                proxy,
                connectingName,
                otherSids);
    }

    /// Login method and its credentials.
    public sealed interface Auth {
        /// Returns the same credentials without channel binding; empty if this login sends none.
        default Optional<Auth> withoutChannelBinding() {
            return switch (this) {
                case Ntlm ntlm
                when ntlm.channelBinding() -> Optional.of(new Ntlm(ntlm.username(), ntlm.password(), false));
                case Kerberos kerberos
                when kerberos.channelBinding() ->
                    Optional.of(new Kerberos(
                            kerberos.principal(), kerberos.secret(), kerberos.krb5Conf(), kerberos.service(), false));
                case None ignored -> Optional.empty();
                case Basic ignored -> Optional.empty();
                case Ntlm ignored -> Optional.empty();
                case Kerberos ignored -> Optional.empty();
                case OAuth2 ignored -> Optional.empty();
            };
        }

        record None() implements Auth {}

        /// Credentials for Basic, sent with the first request, without a challenge.
        record Basic(String username, String password) implements Auth {
            @Override
            public String toString() {
                return "Basic[username=" + username + ", password=redacted]";
            }
        }

        /// Credentials for NTLM version 2, once per connection. The user is `DOMAIN\\user`, `user@domain` or a
        /// bare name, which the server looks up in its own domain. `channelBinding` sends the hash of the
        /// server's certificate, which Extended Protection compares.
        record Ntlm(String username, String password, boolean channelBinding) implements Auth {
            /// Creates credentials with channel binding.
            public Ntlm(String username, String password) {
                this(username, password, true);
            }

            @Override
            public String toString() {
                return "Ntlm[username=" + username + ", password=redacted]";
            }
        }

        /// Credentials for Kerberos by SPNEGO, once per connection. The principal is `user@REALM`. `krb5Conf`
        /// holds for the whole JVM; the default is the JVM's usual places. `service` is the server's principal,
        /// by default `HTTP/` and the host of the address. `channelBinding` is that of [Ntlm].
        record Kerberos(
                String principal,
                KerberosSecret secret,
                Optional<Path> krb5Conf,
                Optional<String> service,
                boolean channelBinding)
                implements Auth {
            /// Creates credentials with channel binding.
            public Kerberos(
                    String principal, KerberosSecret secret, Optional<Path> krb5Conf, Optional<String> service) {
                this(principal, secret, krb5Conf, service, true);
            }
        }

        /// Client of the client credentials grant (RFC 6749, section 4.4). Without a `scope`, a token is for
        /// the service of each request.
        record OAuth2(URI tokenUrl, String clientId, ClientProof proof, Optional<String> scope) implements Auth {
            private static final String ONLINE = "outlook.office365.com";

            /// Returns the scope of a token for `service`. All hosts of Exchange Online are one service (docs,
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

    /// Secret of a Kerberos principal.
    public sealed interface KerberosSecret {
        record Keytab(Path path) implements KerberosSecret {}

        record Password(String value) implements KerberosSecret {
            @Override
            public String toString() {
                return "Password[redacted]";
            }
        }
    }

    /// Secret of a client at the token endpoint.
    public sealed interface ClientProof {
        record Secret(String value) implements ClientProof {
            @Override
            public String toString() {
                return "Secret[redacted]";
            }
        }

        /// Certificate that signs an assertion (RFC 7523). The file is a PKCS12 or JKS store with key and
        /// certificate, or a PEM certificate. The PEM key is in `privateKey`, or in the same file.
        record Certificate(StoreFile file, Optional<Path> privateKey) implements ClientProof {
            /// Reads the certificate; throws [UnreadableStoreException] if it cannot sign.
            public void open() {
                AssertionSigningKey.read(this);
            }
        }
    }
}
