package dev.tidemark.demo;

import java.util.Optional;

/// What the receiver reads of an event. `item` is the id of the item it speaks of, if it speaks of one.
record ReceivedEvent(
        String id, String type, String subject, String sequence, String origin, String time, Optional<String> item) {
    static final String RECEIVED = "dev.tidemark.mailbox.message.received";

    boolean isReceivedMail() {
        return type.equals(RECEIVED);
    }

    /// One line for people.
    String line() {
        var shortType = type.replaceFirst("^dev\\.tidemark\\.", "");
        var number = sequence.replaceFirst("^0+(?=\\d)", "");
        return "%-24s %-30s %-24s #%-6s %-9s %s%s"
                .formatted(
                        time,
                        shortType,
                        subject,
                        number,
                        origin,
                        id,
                        item.map(one -> " " + shortened(one)).orElse(""));
    }

    /// The ends tell ids of Exchange apart.
    private static String shortened(String item) {
        return item.length() <= 16 ? item : item.substring(0, 4) + "…" + item.substring(item.length() - 8);
    }
}
