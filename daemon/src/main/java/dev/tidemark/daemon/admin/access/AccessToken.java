package dev.tidemark.daemon.admin.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Token of the admin API. Immutable.
///
/// @param name name in the audit file and in messages
/// @param secret text that a client sends
/// @param scope groups that the token may see and change
public record AccessToken(String name, String secret, Role role, AccessScope scope) {
    /// Rights of a token. Each role includes those before it.
    public enum Role {
        METRICS,
        READ,
        OPERATE;

        /// Returns the name in configuration and messages.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Returns the names of all roles, in order.
        public static List<String> labels() {
            return Stream.of(values()).map(Role::label).toList();
        }

        public boolean includes(Role needed) {
            return compareTo(needed) >= 0;
        }
    }

    /// Returns the token with this secret. Compares digests of all tokens, so the duration depends neither on the
    /// length nor on the beginning of a secret.
    public static Optional<AccessToken> find(List<AccessToken> tokens, String presented) {
        var digest = digest(presented);
        Optional<AccessToken> found = Optional.empty();
        for (var token : tokens) {
            if (MessageDigest.isEqual(digest, digest(token.secret()))) {
                found = Optional.of(token);
            }
        }
        return found;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256.", impossible);
        }
    }

    @Override
    public String toString() {
        return "AccessToken[" + name + ", " + role.label() + ", " + scope + "]";
    }
}
