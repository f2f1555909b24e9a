package dev.tidemark.subscriber.directory;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// Finds the primary address of a mailbox by a former one, which Exchange keeps as a further address of the mailbox.
/// Not thread-safe.
///
/// @param sender mailbox in whose name the directory is read; empty for the account of the connection
public record FormerAddressResolver(ExchangeGateway exchange, Optional<MailboxAddress> sender) {
    /// Returns the current address; empty if the directory has none or several, or does not respond. Blocks until
    /// Exchange has responded.
    public Optional<MailboxAddress> currentAddress(MailboxAddress former) throws InterruptedException {
        var call = new EwsCall.ResolveNames("smtp:" + former.value());
        var sent = sender.isPresent()
                ? exchange.send(RequestPriority.POLL, sender.get(), call)
                : exchange.sendAsAccount(RequestPriority.POLL, former, call);
        return sent
                        instanceof
                        SendResult.Answered<NameResolutions>(EwsResult.Success<NameResolutions>(NameResolutions found))
                ? onlyAddress(found)
                : Optional.empty();
    }

    private static Optional<MailboxAddress> onlyAddress(NameResolutions found) {
        if (!found.complete() || found.candidates().size() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MailboxAddress(found.candidates().getFirst().address()));
        } catch (InvalidValueException noAddress) {
            return Optional.empty();
        }
    }
}
