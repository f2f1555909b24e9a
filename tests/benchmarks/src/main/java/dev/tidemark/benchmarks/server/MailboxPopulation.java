package dev.tidemark.benchmarks.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Mailboxes that call one server, with the progress of each. A mailbox with a notification in flight sends no
/// other, as in Exchange; the others take turns. Not thread-safe; used by the generator's thread.
public final class MailboxPopulation {
    private final byte[][] tokens;
    private final long[] acknowledgedCounts;
    private final int[] free;
    private int first;
    private int count;

    private MailboxPopulation(byte[][] tokens) {
        this.tokens = tokens;
        this.acknowledgedCounts = new long[tokens.length];
        this.free = new int[tokens.length];
        for (var mailbox = 0; mailbox < tokens.length; mailbox++) {
            free[mailbox] = mailbox;
        }
        count = tokens.length;
    }

    public static MailboxPopulation of(List<String> tokens) {
        return new MailboxPopulation(tokens.stream()
                .map(token -> token.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new));
    }

    /// Creates mailboxes for servers that ignore tokens.
    public static MailboxPopulation anonymous(int mailboxes) {
        var token = "t".repeat(46).getBytes(StandardCharsets.US_ASCII);
        var tokens = new byte[mailboxes][];
        Arrays.fill(tokens, token);
        return new MailboxPopulation(tokens);
    }

    /// Returns the number of acknowledged notifications of each mailbox.
    public long[] acknowledgedCounts() {
        return acknowledgedCounts.clone();
    }

    int size() {
        return tokens.length;
    }

    boolean hasFree() {
        return count > 0;
    }

    /// Returns a mailbox without a notification in flight.
    int acquire() {
        var mailbox = free[first];
        first = first + 1 == free.length ? 0 : first + 1;
        count--;
        return mailbox;
    }

    /// Returns the mailbox to the queue. Its notification is repeated unless it was `answered`.
    void release(int mailbox, boolean answered) {
        acknowledgedCounts[mailbox] += answered ? 1 : 0;
        var place = first + count;
        free[place < free.length ? place : place - free.length] = mailbox;
        count++;
    }

    byte[] token(int mailbox) {
        return tokens[mailbox];
    }

    /// Returns the number of the mailbox's next notification; the first is 1.
    long next(int mailbox) {
        return acknowledgedCounts[mailbox] + 1;
    }
}
