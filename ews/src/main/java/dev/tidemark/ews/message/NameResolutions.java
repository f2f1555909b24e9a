package dev.tidemark.ews.message;

import java.util.List;
import java.util.Optional;

/// Whom a name may mean. `complete` is false where the directory knows more than it told.
public record NameResolutions(List<Candidate> candidates, boolean complete) {
    public NameResolutions {
        candidates = List.copyOf(candidates);
    }

    /// `address` is an SMTP address where `routingType` says so or is absent; `mailboxType` is for example
    /// `Mailbox` or `PublicDL` (XSD, MailboxTypeType), kept as text because new ones appear.
    public record Candidate(
            Optional<String> name, String address, Optional<String> routingType, Optional<String> mailboxType) {}
}
