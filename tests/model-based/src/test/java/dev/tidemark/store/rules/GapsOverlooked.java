package dev.tidemark.store.rules;

import net.bytebuddy.asm.Advice;

/// Woven into [ChainRule#classify]: what breaks the chain counts as its continuation, so that the watermark
/// moves over what is missing.
public final class GapsOverlooked {
    private GapsOverlooked() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) ChainRule.Classification judgement) {
        if (judgement == ChainRule.Classification.BREAKS) {
            judgement = ChainRule.Classification.CONTINUES;
        }
    }
}
