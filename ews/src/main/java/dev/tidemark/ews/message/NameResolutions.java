package dev.tidemark.ews.message;

import java.util.List;
import java.util.Optional;

/// Matches of a name. `complete` is false if the directory has more matches.
public record NameResolutions(List<Candidate> candidates, boolean complete) {
    public NameResolutions {
        candidates = List.copyOf(candidates);
    }

    /// Match of a name. `address` is an SMTP address if `routingType` says so or is absent. `mailboxType` is
    /// for example `Mailbox` or `PublicDL` (XSD, MailboxTypeType), as text because new types appear.
    public record Candidate(
            Optional<String> name, String address, Optional<String> routingType, Optional<String> mailboxType) {}
}
