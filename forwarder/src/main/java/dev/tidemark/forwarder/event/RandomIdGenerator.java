package dev.tidemark.forwarder.event;

import java.security.SecureRandom;

/// Generates ids: a prefix and 26 characters of base32, which hold 130 random bits. Thread-safe.
public final class RandomIdGenerator {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 26;
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomIdGenerator() {}

    public static String next(String prefix) {
        var id = new StringBuilder(prefix);
        RANDOM.ints(LENGTH, 0, ALPHABET.length()).forEach(index -> id.append(ALPHABET.charAt(index)));
        return id.toString();
    }
}
