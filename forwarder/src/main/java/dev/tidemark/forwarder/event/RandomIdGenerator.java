package dev.tidemark.forwarder.event;

import dev.tidemark.values.Base32Digits;
import java.security.SecureRandom;

/// Generates ids: a prefix and 26 characters of base32, which hold 130 random bits. Thread-safe.
public final class RandomIdGenerator {
    private static final int LENGTH = 26;
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomIdGenerator() {}

    public static String next(String prefix) {
        return prefix + Base32Digits.random(RANDOM, LENGTH);
    }
}
