package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsError.PermanentForMailbox;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.util.Optional;

/// Explains an address without a mailbox. Exchange reports only that the mailbox does not exist; ResolveNames
/// shows whether the address is a group. Sends the request on behalf of another mailbox, because an address
/// without a mailbox cannot be impersonated. Called on the job's thread. Thread-safe.
final class AddressTypeResolver {
    private static final String NO_MAILBOX = "ErrorNonExistentMailbox";

    private final RegisteredMembers members;

    public AddressTypeResolver(RegisteredMembers members) {
        this.members = members;
    }

    /// Returns the same error, or a clearer one.
    EwsError explain(MailboxJob job, EwsError error) {
        if (!error.code().value().equals(NO_MAILBOX)) {
            return error;
        }
        return otherMailbox(job)
                .flatMap(otherMailbox -> type(job.gate(), otherMailbox, job.address()))
                .<EwsError>map(type -> noMailbox(job.address(), type))
                .orElse(error);
    }

    private Optional<MailboxAddress> otherMailbox(MailboxJob job) {
        return members.of(job.plan().connection())
                .filter(mailbox -> mailbox.subscribedMillis() > 0)
                .map(MailboxSummary::address)
                .filter(other -> !other.equals(job.address()))
                .findFirst();
    }

    private static Optional<String> type(
            ExchangeGateway exchange, MailboxAddress otherMailbox, MailboxAddress address) {
        try {
            return type(
                    exchange.send(RequestPriority.SUBSCRIBE, otherMailbox, new EwsCall.ResolveNames(address.value())),
                    address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<String> type(SendResult<NameResolutions> sent, MailboxAddress address) {
        return sent
                        instanceof
                        SendResult.Answered<NameResolutions>(EwsResult.Success<NameResolutions>(NameResolutions found))
                ? found.typeWithoutMailbox(address.value())
                : Optional.empty();
    }

    private static PermanentForMailbox noMailbox(MailboxAddress address, String type) {
        var code = type.endsWith("distribution group") ? "MailboxIsDistributionGroup" : "MailboxIsNone";
        return new EwsError.PermanentForMailbox(
                new ResponseCode(code),
                address + " is " + type + ", which has no mailbox to subscribe; name the mailboxes that are meant.");
    }
}
