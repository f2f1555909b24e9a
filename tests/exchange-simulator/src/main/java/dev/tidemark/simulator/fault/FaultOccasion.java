package dev.tidemark.simulator.fault;

import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// A request or a callback at which a fault may strike.
public record FaultOccasion(Optional<MailboxAddress> mailbox, Optional<String> operation) {
    static final String CALLBACK = "SendNotification";

    /// Request without a mailbox or an operation.
    public static final FaultOccasion UNKNOWN = new FaultOccasion(Optional.empty(), Optional.empty());

    public static FaultOccasion callback(MailboxAddress mailbox) {
        return of(mailbox, CALLBACK);
    }

    static FaultOccasion ofAnyMailbox(String operation) {
        return new FaultOccasion(Optional.empty(), Optional.of(operation));
    }

    public static FaultOccasion of(MailboxAddress mailbox, String operation) {
        return new FaultOccasion(Optional.of(mailbox), Optional.of(operation));
    }
}
