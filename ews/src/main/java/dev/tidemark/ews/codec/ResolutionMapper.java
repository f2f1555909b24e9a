package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.ews.message.NameResolutions.Candidate;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.SkipReason;
import java.util.Optional;
import java.util.Set;

/// Converts the resolutions of the wire to candidates. Counts and skips one without an address. Not
/// thread-safe; used for one response.
final class ResolutionMapper {
    /// Codes that are errors by the schema, but regular results of a resolution (docs, responsecode).
    private static final Set<String> NO_MATCH_CODES =
            Set.of("ErrorNameResolutionNoResults", "ErrorNameResolutionNoMailbox");

    private final SkipTally skips;

    ResolutionMapper(SkipTally skips) {
        this.skips = skips;
    }

    static boolean meansNoMatch(String code) {
        return NO_MATCH_CODES.contains(code);
    }

    NameResolutions resolutions(WireElement message) {
        var set = message.child("ResolutionSet");
        return new NameResolutions(
                set.children("Resolution").stream()
                        .flatMap(resolution -> candidate(resolution).stream())
                        .toList(),
                WireValueParser.truth(set.attribute("IncludesLastItemInRange")).orElse(true));
    }

    /// Converts the direct members of a distribution group.
    NameResolutions members(WireElement message) {
        var expansion = message.child("DLExpansion");
        return new NameResolutions(
                expansion.children("Mailbox").stream()
                        .flatMap(mailbox -> candidateOf(mailbox).stream())
                        .toList(),
                WireValueParser.truth(expansion.attribute("IncludesLastItemInRange"))
                        .orElse(true));
    }

    private Optional<Candidate> candidate(WireElement resolution) {
        return candidateOf(resolution.child("Mailbox"));
    }

    private Optional<Candidate> candidateOf(WireElement mailbox) {
        return skips.counted(
                mailbox.textOf("EmailAddress")
                        .map(address -> new Candidate(
                                mailbox.textOf("Name"),
                                address,
                                mailbox.textOf("RoutingType"),
                                mailbox.textOf("MailboxType"))),
                SkipReason.MISSING_OBJECT);
    }
}
