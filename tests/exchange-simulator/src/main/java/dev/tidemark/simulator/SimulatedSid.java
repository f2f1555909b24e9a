package dev.tidemark.simulator;

import dev.tidemark.values.MailboxAddress;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Security identifiers of simulated mailboxes; an address has the same one in every run.
final class SimulatedSid {
    private SimulatedSid() {}

    /// Returns the identifier for impersonating a mailbox, as in `S-1-5-21-1-2-3-1001`.
    static String of(MailboxAddress mailbox) {
        var hash = UUID.nameUUIDFromBytes(mailbox.value().getBytes(StandardCharsets.UTF_8));
        return "S-1-5-21-%d-%d-%d-1001"
                .formatted(
                        hash.getMostSignificantBits() >>> 32,
                        hash.getMostSignificantBits() & 0xffff_ffffL,
                        hash.getLeastSignificantBits() >>> 32);
    }
}
