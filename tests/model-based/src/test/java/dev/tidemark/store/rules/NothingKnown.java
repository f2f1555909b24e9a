package dev.tidemark.store.rules;

import net.bytebuddy.asm.Advice;

/// Woven into [DeduplicationCache#knows]: no event counts as already journaled.
public final class NothingKnown {
    private NothingKnown() {}

    @Advice.OnMethodExit
    @SuppressWarnings("UnusedVariable") // the advised method returns it
    static void exit(@Advice.Return(readOnly = false) boolean known) {
        known = false;
    }
}
