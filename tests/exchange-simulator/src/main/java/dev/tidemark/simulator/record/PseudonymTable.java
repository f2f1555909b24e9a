package dev.tidemark.simulator.record;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Replaces ids, addresses and texts, each by the same pseudonym whenever it occurs. Ids depend on a secret that is
/// forgotten with the table. Thread-safe.
final class PseudonymTable {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>\"]+@[^\\s@<>\"]+");
    private static final Pattern URL = Pattern.compile("(?i)(https?)://.*");

    private final SecretKeySpec secret;
    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    PseudonymTable() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        secret = new SecretKeySpec(bytes, ALGORITHM);
    }

    /// Returns an id of the same length. It keeps the start that all ids of items and folders share.
    String id(String original) {
        var start = original.startsWith("AAMk") ? 4 : 0;
        var id = new StringBuilder(original.substring(0, start));
        for (var block = 0; id.length() < original.length(); block++) {
            for (var one : digest(block + " " + original)) {
                id.append(DIGITS.charAt(one & 63));
            }
        }
        id.setLength(original.length());
        return id.toString();
    }

    private byte[] digest(String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + ALGORITHM + ".", e);
        }
    }

    /// Returns the pseudonym of an address, URL or other text.
    synchronized String text(String original) {
        if (ADDRESS.matcher(original).matches()) {
            return addresses.computeIfAbsent(
                    original.toLowerCase(Locale.ROOT), key -> "user" + (addresses.size() + 1) + "@example.com");
        }
        var url = URL.matcher(original);
        var prefix = url.matches() ? url.group(1).toLowerCase(Locale.ROOT) + "://server.example/" : "text ";
        return texts.computeIfAbsent(original, key -> prefix + (texts.size() + 1));
    }
}
