package dev.tidemark.store.rules;

import net.bytebuddy.asm.Advice;

/// Woven into [DeduplicationCache#knows]: nothing has been journalled before.
public final class NothingKnown {
    private NothingKnown() {}

    @Advice.OnMethodExit
    @SuppressWarnings("UnusedVariable") // whoever called the method reads it
    static void exit(@Advice.Return(readOnly = false) boolean known) {
        known = false;
    }
}
