package dev.tidemark.http;

import dev.tidemark.values.InvalidValueException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// HTTP proxy in front of Exchange. Requests reach it over plain HTTP; https passes through it in a tunnel.
public record ProxyConfig(String host, int port, Optional<Login> login) {
    private static final String EXPECTED = "write http://host:port, or http://user:password@host:port";

    /// Credentials for Basic or Digest, sent only after the proxy asks for one of them.
    public record Login(String username, String password) {
        @Override
        public String toString() {
            return "Login[username=" + username + ", password=redacted]";
        }
    }

    /// Reads `http://user:password@host:port`. The user part is optional and percent-encoded. The message of
    /// the exception quotes no part of it.
    public static ProxyConfig of(String url) {
        try {
            var uri = URI.create(url.strip());
            if (uri.isOpaque() || !"http".equalsIgnoreCase(uri.getScheme())) {
                throw new InvalidValueException("a proxy must use plain http; " + EXPECTED);
            }
            var bare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
            var host = WebHost.textIn(uri);
            var port = WebHost.portIn(uri);
            if (host.isEmpty() || port < 1 || port > 65_535 || !bare) {
                throw new InvalidValueException("this is not a proxy's address with its port; " + EXPECTED);
            }
            return new ProxyConfig(host, port, login(uri));
        } catch (InvalidValueException known) {
            throw known;
        } catch (IllegalArgumentException notAnAddress) {
            throw new InvalidValueException("this is not an address; " + EXPECTED);
        }
    }

    private static Optional<Login> login(URI uri) {
        return Optional.ofNullable(uri.getRawUserInfo()).map(info -> {
            var colon = info.indexOf(':');
            if (colon < 0) {
                throw new InvalidValueException("this names a user without a password; " + EXPECTED);
            }
            return new Login(decoded(info.substring(0, colon)), decoded(info.substring(colon + 1)));
        });
    }

    /// Decodes percent-encoding. The JDK's decoder is made for forms, so a plus needs protection.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// Returns the address without the password.
    @Override
    public String toString() {
        return "http://" + login.map(known -> known.username() + ":redacted@").orElse("") + host + ":" + port;
    }
}
