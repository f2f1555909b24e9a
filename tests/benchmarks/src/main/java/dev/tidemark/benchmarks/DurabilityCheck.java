package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.MeasuredServer;

/// Whether a server kept what it acknowledged: the very events, each once.
record DurabilityCheck(ComparedServer rival, int mailboxes, long acknowledgedEvents, MeasuredServer.Account account) {
    boolean holds() {
        return account.events() < 0
                || (account.events() == acknowledgedEvents && account.duplicates() == 0 && account.gaps() == 0);
    }

    String sentence() {
        var who = "(" + rival.letter() + ") with " + mailboxes + " mailboxes";
        if (account.events() < 0) {
            return who + " keeps nothing, and was asked for nothing.";
        }
        return who + ": " + acknowledgedEvents + " events acknowledged, " + account.events() + " on disk, "
                + account.duplicates() + " duplicates, " + account.gaps() + " gaps: " + (holds() ? "proven" : "VOID")
                + ".";
    }
}
