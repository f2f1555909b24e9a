package dev.tidemark.daemon.config;

import dev.tidemark.http.WebHost;
import java.net.IDN;
import java.net.URI;
import java.util.regex.Pattern;

/// Reads a web address from the configuration. Converts a host beyond ASCII for name servers (RFC 3490).
final class WebAddress {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_LABEL = 63;
    private static final Pattern PARTS = Pattern.compile("(?<scheme>[^:/?#]+://)(?<authority>[^/?#]*)(?<rest>.*)");

    private WebAddress() {}

    static URI parse(String text) throws BadValueException {
        try {
            var uri = URI.create(ascii(text.strip()));
            var http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && WebHost.hostIn(uri).isPresent() && uri.getUserInfo() == null && uri.getFragment() == null) {
                var port = WebHost.portIn(uri);
                if (port > MAX_PORT) {
                    throw new BadValueException("port " + port + " is above " + MAX_PORT);
                }
                return uri;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new BadValueException("'" + text + "' is not an address; write https://host/path");
        }
        throw new BadValueException("this is not a web address; write https://host/path, without user and #");
    }

    private static String ascii(String text) {
        var parts = PARTS.matcher(text);
        // avoids loading the large tables of IDN
        return parts.matches() && !isShortAscii(parts.group("authority"))
                ? parts.group("scheme") + IDN.toASCII(parts.group("authority")) + parts.group("rest")
                : text;
    }

    /// Returns true for an ASCII text without a label that IDN would refuse: an empty one, or one that is too long.
    private static boolean isShortAscii(String authority) {
        return authority.length() <= MAX_LABEL
                && !authority.startsWith(".")
                && !authority.contains("..")
                && authority.chars().allMatch(letter -> letter < 128);
    }
}
