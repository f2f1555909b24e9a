package dev.tidemark.daemon.support;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Replaces mail addresses by pseudonyms. One address has the same pseudonym in all texts of one mask, and
/// different ones in two masks. Not thread-safe; used by one command.
final class AddressMask {
    private static final Pattern ADDRESS = Pattern.compile("[^\\s\"'<>,;:()\\[\\]{}=/|]+@[^\\s\"'<>,;:()\\[\\]{}=/|]+");
    private static final String ALGORITHM = "HmacSHA256";
    private static final int PSEUDONYM_BYTES = 5;

    private final Mac mac;

    AddressMask() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This JDK lacks " + ALGORITHM + ".", missing);
        }
    }

    String mask(String text) {
        return ADDRESS.matcher(text).replaceAll(found -> pseudonym(found.group()));
    }

    private String pseudonym(String address) {
        var digest = mac.doFinal(address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        return "address-" + HexFormat.of().formatHex(digest, 0, PSEUDONYM_BYTES) + "@masked.invalid";
    }
}
