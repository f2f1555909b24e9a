package dev.tidemark.daemon.admin.listing;

import dev.tidemark.daemon.admin.listing.MailboxPage.MailboxOrder;
import java.util.Optional;
import java.util.regex.Pattern;

/// Place of a mailbox in an order. Its text is the position of a page.
///
/// @param text id or address, which makes the key unique
record MailboxSortKey(int rank, long time, String text) {
    private static final int RADIX = 36;
    private static final Pattern POSITION = Pattern.compile("([a-z]{1,20})-(\\d)-(-?[0-9a-z]{1,12})-(.+)");

    /// Returns the position of a page that begins behind this key. It is opaque to clients, except that the order by
    /// id has always used the plain id.
    String position(MailboxOrder order) {
        return order == MailboxOrder.ID
                ? text
                : order.label() + "-" + rank + "-" + Long.toString(time, RADIX) + "-" + text;
    }

    /// Returns the key of a position; empty if the position is not one of this order.
    static Optional<MailboxSortKey> of(MailboxOrder order, String position) {
        if (order == MailboxOrder.ID) {
            return Optional.of(new MailboxSortKey(0, 0, position));
        }
        var matcher = POSITION.matcher(position);
        if (!matcher.matches() || !matcher.group(1).equals(order.label())) {
            return Optional.empty();
        }
        try {
            var time = Long.parseLong(matcher.group(3), RADIX);
            return Optional.of(new MailboxSortKey(Integer.parseInt(matcher.group(2)), time, matcher.group(4)));
        } catch (NumberFormatException beyondLong) {
            return Optional.empty();
        }
    }
}
