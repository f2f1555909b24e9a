package dev.tidemark.http;

import java.net.URI;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the host of a web address. Containers and Windows machines have names with an underscore, which RFC
/// 3986, section 3.2.2, allows as a registered name. [URI#getHost] returns null for them. Has no state.
public final class WebHost {
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9._-]+)(?::(\\d{0,6}))?");

    private WebHost() {}

    /// Returns the host, an IPv6 address in brackets; empty if the address has none.
    public static Optional<String> hostIn(URI address) {
        if (address.getHost() != null) {
            return Optional.of(address.getHost());
        }
        return named(address).map(named -> named.group(1));
    }

    /// Returns the port, or -1 if the address has none.
    public static int portIn(URI address) {
        return address.getHost() != null
                ? address.getPort()
                : named(address)
                        .map(named -> named.group(2))
                        .filter(port -> !port.isEmpty())
                        .map(Integer::valueOf)
                        .orElse(-1);
    }

    private static Optional<MatchResult> named(URI address) {
        return Optional.ofNullable(address.getRawAuthority())
                .map(NAMED::matcher)
                .filter(Matcher::matches)
                .map(Matcher::toMatchResult);
    }

    /// Returns the host as text; the empty text if the address has none.
    public static String textIn(URI address) {
        return hostIn(address).orElse("");
    }
}
