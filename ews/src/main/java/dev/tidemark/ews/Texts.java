package dev.tidemark.ews;

/// Checks shared by the value types of this module.
final class Texts {
    private Texts() {}

    static void requireToken(String value, String what) {
        if (value.isBlank()) {
            throw new InvalidValueException("A " + what + " is empty; expected the text that Exchange sent.");
        }
    }
}
