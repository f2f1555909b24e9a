package dev.tidemark.daemon.admin.stream;

/// Text of server-sent events (HTML standard, section 9.2).
final class SentEventFormat {
    /// Comment that keeps the connection open; clients ignore it.
    static final String COMMENT = ":\n\n";

    private SentEventFormat() {}

    /// Returns a message with the default type.
    static String message(String id, String data) {
        return "id: " + id + "\n" + data(data) + "\n";
    }

    /// Returns a message of a type.
    static String message(String type, String id, String data) {
        return "event: " + type + "\n" + message(id, data);
    }

    private static String data(String text) {
        return "data: " + text.replaceAll("\r\n|\r|\n", "\ndata: ") + "\n";
    }
}
