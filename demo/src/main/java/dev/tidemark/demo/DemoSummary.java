package dev.tidemark.demo;

/// Totals of the simulator and the receiver.
///
/// @param sent items put into mailboxes
/// @param acknowledged items in acknowledged notifications
/// @param delivered distinct verified items
/// @param duplicates repeated deliveries of an event
/// @param missing items without a verified event
record DemoSummary(long sent, long acknowledged, long delivered, long duplicates, long missing) {
    String line() {
        return "sent " + sent + " acknowledged " + acknowledged + " delivered " + delivered + " duplicates "
                + duplicates + " missing " + missing;
    }
}
