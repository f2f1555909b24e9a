/// What the daemon's logins are proved against: servers' sides of NTLM, SPNEGO and OAuth2, a KDC, a proxy, and
/// certificates, none of which shares code with the client. For tests only.
@NullMarked
package dev.tidemark.authservers;

import org.jspecify.annotations.NullMarked;
