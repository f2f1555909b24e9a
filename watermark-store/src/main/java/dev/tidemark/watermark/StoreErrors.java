package dev.tidemark.watermark;

/// H2's error codes as sentences for the operator.
final class StoreErrors {
    private static final int LOCKED = 90020;
    private static final int WRONG_CREDENTIALS = 28000;
    private static final int RELATIVE_PATH = 90011;
    private static final int FULL = 90100;

    private StoreErrors() {}

    static String sentence(int code, String text) {
        return switch (code) {
            case LOCKED ->
                "The store is in use by another process; stop that one, or give this one a store.url of its own.";
            case WRONG_CREDENTIALS ->
                "The store refuses store.username or store.password; give the ones it was made with.";
            case RELATIVE_PATH -> "The path in store.url must be absolute or begin with ./ or ~/.";
            case FULL -> "The store cannot write because the disk is full; make room.";
            default -> "The store failed: " + firstLine(text) + " Its disk and its log say more.";
        };
    }

    static StoreException failed(Exception e) {
        var text = String.valueOf(e.getMessage());
        return new StoreException(sentence(text.contains("No space left") ? FULL : 0, text), e);
    }

    private static String firstLine(String text) {
        var line = text.lines().findFirst().orElse("unknown error").strip();
        return line.endsWith(".") ? line : line + ".";
    }
}
