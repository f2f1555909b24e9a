package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsError.PermanentForMailbox;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.ews.message.NameResolutions.Candidate;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SendResult;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.util.Map;
import java.util.Optional;

/// Finds out what an address is that has no mailbox. Exchange only says that there is none; the directory
/// knows whether it is a group. It is asked on behalf of another mailbox, because nobody can be impersonated
/// who has none.
public final class AddressTypeResolver {
    private static final String NO_MAILBOX = "ErrorNonExistentMailbox";

    /// XSD, MailboxTypeType.
    private static final Map<String, String> NO_MAILBOXES = Map.of(
            "PublicDL", "a distribution group",
            "PrivateDL", "a distribution group",
            "GroupMailbox", "a Microsoft 365 group",
            "PublicFolder", "a public folder",
            "Contact", "a contact");

    private final RegisteredMembers members;

    public AddressTypeResolver(RegisteredMembers members) {
        this.members = members;
    }

    /// The same refusal, or a clearer one.
    EwsError explain(MailboxJob job, EwsError error) {
        if (!error.code().value().equals(NO_MAILBOX)) {
            return error;
        }
        return witness(job)
                .flatMap(witness -> kind(job.gate(), witness, job.address()))
                .<EwsError>map(kind -> named(job.address(), kind))
                .orElse(error);
    }

    private Optional<MailboxAddress> witness(MailboxJob job) {
        return members.of(job.plan().connection())
                .filter(mailbox -> mailbox.live().isPresent())
                .map(Mailbox::address)
                .filter(other -> !other.equals(job.address()))
                .findFirst();
    }

    private static Optional<String> kind(ExchangeGateway exchange, MailboxAddress witness, MailboxAddress address) {
        try {
            return kind(
                    exchange.send(RequestPriority.SUBSCRIBE, witness, new EwsCall.ResolveNames(address.value())),
                    address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<String> kind(SendResult<NameResolutions> sent, MailboxAddress address) {
        return sent
                        instanceof
                        SendResult.Answered<NameResolutions>(EwsResult.Success<NameResolutions>(NameResolutions found))
                ? found.candidates().stream()
                        .filter(candidate -> candidate.address().equalsIgnoreCase(address.value()))
                        .map(Candidate::mailboxType)
                        .flatMap(Optional::stream)
                        .flatMap(type -> Optional.ofNullable(NO_MAILBOXES.get(type)).stream())
                        .findFirst()
                : Optional.empty();
    }

    private static PermanentForMailbox named(MailboxAddress address, String kind) {
        var code = kind.endsWith("distribution group") ? "MailboxIsDistributionGroup" : "MailboxIsNone";
        return new EwsError.PermanentForMailbox(
                new ResponseCode(code),
                address + " is " + kind + ", which has no mailbox to subscribe; name the mailboxes that are meant.");
    }
}
