package dev.tidemark.ews;

import dev.tidemark.ews.Resolutions.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Turns the resolutions of the wire into candidates.
final class ResolutionMapping {
    /// Errors by the schema, but an answer to the question who it may be (docs, responsecode).
    private static final Set<String> NOBODY = Set.of("ErrorNameResolutionNoResults", "ErrorNameResolutionNoMailbox");

    private ResolutionMapping() {}

    static boolean saysNobody(String code) {
        return NOBODY.contains(code);
    }

    static Resolutions resolutions(Wire.Message message) {
        var set = message.resolutionSet();
        if (set == null || set.resolution() == null) {
            return new Resolutions(List.of(), true);
        }
        var candidates = new ArrayList<Candidate>();
        for (var resolution : set.resolution()) {
            var mailbox = resolution.mailbox();
            if (mailbox != null) {
                WireValues.text(mailbox.emailAddress())
                        .ifPresent(address -> candidates.add(new Candidate(
                                WireValues.text(mailbox.name()),
                                address,
                                WireValues.text(mailbox.routingType()),
                                WireValues.text(mailbox.mailboxType()))));
            }
        }
        return new Resolutions(
                candidates, WireValues.truth(set.includesLastItemInRange()).orElse(true));
    }
}
