package dev.tidemark.simulator;

import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// A request or a callback at which a fault may strike.
record FaultOccasion(Optional<MailboxAddress> mailbox, Optional<String> operation) {
    static final String CALLBACK = "SendNotification";

    /// Request without a mailbox or an operation.
    static final FaultOccasion UNKNOWN = new FaultOccasion(Optional.empty(), Optional.empty());

    static FaultOccasion callback(MailboxAddress mailbox) {
        return of(mailbox, CALLBACK);
    }

    static FaultOccasion of(MailboxAddress mailbox, String operation) {
        return new FaultOccasion(Optional.of(mailbox), Optional.of(operation));
    }
}
