package dev.tidemark.store.rules;

import net.bytebuddy.asm.Advice;

/// Woven into [ChainRule#classify]: a gap counts as a continuation, so the watermark moves over the missing
/// events.
public final class GapsOverlooked {
    private GapsOverlooked() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) ChainRule.Classification judgement) {
        if (judgement == ChainRule.Classification.BREAKS) {
            judgement = ChainRule.Classification.CONTINUES;
        }
    }
}
