package dev.tidemark.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The mailboxes that one server hears of, and how far each has told. A mailbox whose notification is under
/// way tells nothing more until it has been answered, as Exchange has it; the others take turns. Used by one
/// thread.
public final class MailboxPopulation {
    private final byte[][] tokens;
    private final long[] told;
    private final int[] free;
    private int first;
    private int count;

    private MailboxPopulation(byte[][] tokens) {
        this.tokens = tokens;
        this.told = new long[tokens.length];
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

    /// For servers that look at no token.
    public static MailboxPopulation anonymous(int mailboxes) {
        var token = "t".repeat(46).getBytes(StandardCharsets.US_ASCII);
        var tokens = new byte[mailboxes][];
        Arrays.fill(tokens, token);
        return new MailboxPopulation(tokens);
    }

    int size() {
        return tokens.length;
    }

    boolean hasFree() {
        return count > 0;
    }

    /// A mailbox that may tell something.
    int take() {
        var mailbox = free[first];
        first = first + 1 == free.length ? 0 : first + 1;
        count--;
        return mailbox;
    }

    /// Gives it back; its notification is told anew where it was not `answered`.
    void giveBack(int mailbox, boolean answered) {
        told[mailbox] += answered ? 1 : 0;
        var place = first + count;
        free[place < free.length ? place : place - free.length] = mailbox;
        count++;
    }

    byte[] token(int mailbox) {
        return tokens[mailbox];
    }

    /// The number of the mailbox's next notification; the first is 1.
    long next(int mailbox) {
        return told[mailbox] + 1;
    }
}
