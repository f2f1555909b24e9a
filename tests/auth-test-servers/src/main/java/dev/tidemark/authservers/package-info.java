/// Servers for tests of the daemon's logins: NTLM, SPNEGO and OAuth2 servers, a KDC, a proxy, and certificates.
/// None shares code with the client.
@NullMarked
package dev.tidemark.authservers;

import org.jspecify.annotations.NullMarked;
