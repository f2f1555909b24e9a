package dev.tidemark.ews;

import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// Keeps the streaming subscriptions of a group of mailboxes on one server: a stream can only serve what the
/// server that it is opened on holds (docs, how-to-maintain-affinity). The first answer names the server by a
/// cookie that means nothing to us, and every later request shows it. For one address only: another service
/// has no business with the cookie. Safe for use by many threads.
public final class ServerAffinity {
    static final String COOKIE = "X-BackEndOverrideCookie";

    /// Longer than any name of a server with the number that Exchange adds.
    private static final int LONGEST = 1024;

    private final MailboxAddress anchor;
    private volatile Optional<String> cookie = Optional.empty();

    /// `anchor` is the group's first mailbox, by whose server the front end chooses as long as there is no
    /// cookie.
    public ServerAffinity(MailboxAddress anchor) {
        this.anchor = anchor;
    }

    MailboxAddress anchor() {
        return anchor;
    }

    /// What to send back.
    Optional<String> cookie() {
        return cookie;
    }

    /// Takes note of what an answer's Set-Cookie said.
    void told(Optional<String> value) {
        value.filter(ServerAffinity::isSound).ifPresent(some -> cookie = Optional.of(some));
    }

    /// RFC 6265, section 4.1.1: no control characters, spaces, quotes, commas, semicolons or backslashes.
    private static boolean isSound(String value) {
        return value.length() <= LONGEST
                && !value.isEmpty()
                && value.chars().allMatch(each -> each > ' ' && each < 127 && "\",;\\".indexOf(each) < 0);
    }
}
