package dev.tidemark.ews;

import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// Keeps the streaming subscriptions of a group of mailboxes on one server. A stream serves only the
/// subscriptions of the server that it is opened on (docs, how-to-maintain-affinity). The first response names
/// the server by an opaque cookie; every later request sends it back. Must be used with one address only,
/// because the cookie must not reach another service. Thread-safe.
public final class ServerAffinity {
    static final String COOKIE = "X-BackEndOverrideCookie";

    /// Longer than any server name with the number that Exchange adds, in characters.
    private static final int MAX_LENGTH = 1024;

    private final MailboxAddress anchor;
    private volatile Optional<String> cookie = Optional.empty();

    /// Creates the affinity of a group, without a cookie.
    ///
    /// @param anchor first mailbox of the group; the front end selects its server while there is no cookie
    public ServerAffinity(MailboxAddress anchor) {
        this.anchor = anchor;
    }

    MailboxAddress anchor() {
        return anchor;
    }

    /// Returns the cookie to send.
    Optional<String> cookie() {
        return cookie;
    }

    /// Stores the cookie of a response, if it is valid.
    void rememberCookie(Optional<String> value) {
        value.filter(ServerAffinity::isValid).ifPresent(valid -> cookie = Optional.of(valid));
    }

    /// Returns whether the value is a cookie's (RFC 6265, section 4.1.1): no control characters, spaces,
    /// quotes, commas, semicolons or backslashes.
    private static boolean isValid(String value) {
        return value.length() <= MAX_LENGTH
                && !value.isEmpty()
                && value.chars().allMatch(each -> each > ' ' && each < 127 && "\",;\\".indexOf(each) < 0);
    }
}
