package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.MeasuredServer;

/// Result of the check that a server kept each acknowledged event once.
record DurabilityCheck(ComparedServer server, int mailboxes, long acknowledgedEvents, MeasuredServer.Account account) {
    boolean holds() {
        return account.events() < 0
                || (account.events() == acknowledgedEvents && account.duplicates() == 0 && account.gaps() == 0);
    }

    String sentence() {
        var who = "(" + server.letter() + ") with " + mailboxes + " mailboxes";
        if (account.events() < 0) {
            return who + " keeps nothing, and was not required to.";
        }
        return who + ": " + acknowledgedEvents + " events acknowledged, " + account.events() + " on disk, "
                + account.duplicates() + " duplicates, " + account.gaps() + " gaps: " + (holds() ? "proven" : "VOID")
                + ".";
    }
}
