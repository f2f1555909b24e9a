package dev.tidemark.ews.message;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SkippedParts;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Counts the skipped parts of one message. Not thread-safe; used by the thread that reads the message.
public final class SkipTally {
    public static final String GET_USER_SETTINGS = "GetUserSettings";

    private final String operation;
    /// Created with the first count, because most messages need none.
    private Map<SkipReason, Integer> counts = Map.of();

    public SkipTally(String operation) {
        this.operation = operation;
    }

    static List<String> operations() {
        return Stream.concat(
                        Arrays.stream(EwsOperation.values()).map(EwsOperation::requestName),
                        Stream.of(SendNotification.OPERATION, GET_USER_SETTINGS))
                .toList();
    }

    public void count(SkipReason reason) {
        count(reason, 1);
    }

    public void count(SkipReason reason, int parts) {
        if (parts > 0) {
            counts = counts.isEmpty() ? new EnumMap<>(SkipReason.class) : counts;
            counts.merge(reason, parts, Integer::sum);
        }
    }

    /// Returns `value`, and counts it if it is empty.
    public <T> Optional<T> counted(Optional<T> value, SkipReason reason) {
        if (value.isEmpty()) {
            count(reason);
        }
        return value;
    }

    /// Passes the counts to `reporter`, if there are any.
    public void report(MailboxAddress mailbox, SkipReporter reporter) {
        if (!counts.isEmpty()) {
            reporter.skipped(mailbox, parts());
        }
    }

    public SkippedParts parts() {
        return new SkippedParts(operation, counts);
    }
}
