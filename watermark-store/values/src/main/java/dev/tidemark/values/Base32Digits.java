package dev.tidemark.values;

import java.util.random.RandomGenerator;

/// Digits of the base32 encoding (RFC 4648) in lower case, which all ids of Tidemark use. Stateless.
public final class Base32Digits {
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LETTERS = 26;

    private Base32Digits() {}

    /// Returns the digit for the lowest five bits of `value`.
    public static char digit(int value) {
        return DIGITS.charAt(value & 31);
    }

    /// Returns the five bits that a digit stands for. The result for other characters is undefined.
    public static int value(char digit) {
        return digit >= 'a' ? digit - 'a' : digit - '2' + LETTERS;
    }

    /// Returns `length` random digits.
    public static String random(RandomGenerator random, int length) {
        var text = new StringBuilder(length);
        random.ints(length, 0, DIGITS.length()).forEach(index -> text.append(digit(index)));
        return text.toString();
    }
}
