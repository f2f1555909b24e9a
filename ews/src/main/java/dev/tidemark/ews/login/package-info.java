/// Logins of a connection (Basic, NTLM, Kerberos, OAuth 2), and the settings of connections and TLS.
@NullMarked
package dev.tidemark.ews.login;

import org.jspecify.annotations.NullMarked;
