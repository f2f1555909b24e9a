package dev.tidemark.ews.message;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Matches of a name. `complete` is false if the directory has more matches.
public record NameResolutions(List<Candidate> candidates, boolean complete) {
    /// XSD, MailboxTypeType.
    private static final Map<String, String> TYPES_WITHOUT_MAILBOX = Map.of(
            "PublicDL", "a distribution group",
            "PrivateDL", "a distribution group",
            "GroupMailbox", "a Microsoft 365 group",
            "PublicFolder", "a public folder",
            "Contact", "a contact");

    public NameResolutions {
        candidates = List.copyOf(candidates);
    }

    /// Returns the kind of the entry with this address, for example "a distribution group"; empty if there is none,
    /// or if it has a mailbox.
    public Optional<String> typeWithoutMailbox(String address) {
        return candidates.stream()
                .filter(candidate -> candidate.address().equalsIgnoreCase(address))
                .map(Candidate::mailboxType)
                .flatMap(Optional::stream)
                .flatMap(type -> Optional.ofNullable(TYPES_WITHOUT_MAILBOX.get(type)).stream())
                .findFirst();
    }

    /// Match of a name. `address` is an SMTP address if `routingType` says so or is absent. `mailboxType` is
    /// for example `Mailbox` or `PublicDL` (XSD, MailboxTypeType), as text because new types appear.
    public record Candidate(
            Optional<String> name, String address, Optional<String> routingType, Optional<String> mailboxType) {}
}
