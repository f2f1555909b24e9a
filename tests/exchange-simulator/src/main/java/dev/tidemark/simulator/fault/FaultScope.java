package dev.tidemark.simulator.fault;

import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// Requests and callbacks that a [SimulatorFault] may strike, and its value. An empty mailbox or operation
/// stands for all of them. The operation of a callback is SendNotification.
public record FaultScope(Optional<MailboxAddress> mailbox, Optional<String> operation, Optional<String> value) {
    /// All requests and callbacks, with the fault's default value.
    public static final FaultScope ANYWHERE = new FaultScope(Optional.empty(), Optional.empty(), Optional.empty());

    public FaultScope inMailbox(MailboxAddress address) {
        return new FaultScope(Optional.of(address), operation, value);
    }

    public FaultScope inOperation(String name) {
        return new FaultScope(mailbox, Optional.of(name), value);
    }

    public FaultScope withValue(String text) {
        return new FaultScope(mailbox, operation, Optional.of(text));
    }

    boolean covers(FaultOccasion occasion) {
        return (mailbox.isEmpty() || mailbox.equals(occasion.mailbox()))
                && (operation.isEmpty() || operation.equals(occasion.operation()));
    }

    boolean aimed() {
        return mailbox.isPresent() || operation.isPresent();
    }
}
