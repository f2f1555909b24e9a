package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.MailboxAddress;
import java.util.Optional;
import java.util.function.Function;

/// Mailbox of a request, and the other mailboxes of the organization, to which it can send.
public record MailboxScope(SimulatedMailbox mailbox, Function<MailboxAddress, Optional<SimulatedMailbox>> others) {}
