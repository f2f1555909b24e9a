package dev.tidemark.store.seal;

import dev.tidemark.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/// Seals the secrets that a store keeps, so that its files and backups do not reveal them. Used by the thread that
/// opens a store. Seals with the first key, opens with any key, and reads secrets from before sealing. Without keys it
/// keeps secrets as they are. Immutable.
public final class SecretSealer {
    private static final String SEALED = "sealed:";
    private static final String VERSION_1 = SEALED + "1:";

    private final List<AuthenticatedCipher> ciphers;

    private SecretSealer(List<AuthenticatedCipher> ciphers) {
        this.ciphers = ciphers;
    }

    /// Creates a sealer.
    ///
    /// @param keys keys of 32 bytes in Base64, newest first
    public static SecretSealer of(List<String> keys) {
        return new SecretSealer(keys.stream()
                .map(Base64.getDecoder()::decode)
                .map(AuthenticatedCipher::new)
                .toList());
    }

    /// Returns the text to store for a secret.
    public String seal(String secret) {
        if (ciphers.isEmpty()) {
            return secret;
        }
        var sealed = ciphers.getFirst().encrypt(secret.getBytes(StandardCharsets.UTF_8), new SecureRandom());
        return VERSION_1 + Base64.getEncoder().encodeToString(sealed);
    }

    /// Returns the secret of a stored text.
    ///
    /// @throws StoreException if no key opens it, or a later version sealed it
    public String open(String stored) {
        if (!stored.startsWith(SEALED)) {
            return stored;
        }
        if (!stored.startsWith(VERSION_1)) {
            throw new StoreException(
                    "The store's token key was sealed by a later version of Tidemark; run that version,"
                            + " or a later one.");
        }
        if (ciphers.isEmpty()) {
            throw new StoreException(
                    "The store's token key is sealed, and there is no store.seal-key; set it to the key"
                            + " that sealed the store.");
        }
        var sealed = bytes(stored.substring(VERSION_1.length()));
        return ciphers.stream()
                .flatMap(cipher -> cipher.decrypt(sealed).stream())
                .findFirst()
                .map(secret -> new String(secret, StandardCharsets.UTF_8))
                .orElseThrow(
                        () -> new StoreException("No key in store.seal-key opens the store's token key; add the key"
                                + " that sealed the store, or set a different store.url."));
    }

    /// Returns the bytes of a sealed text; none if it is damaged.
    private static byte[] bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException damaged) {
            return new byte[0];
        }
    }
}
