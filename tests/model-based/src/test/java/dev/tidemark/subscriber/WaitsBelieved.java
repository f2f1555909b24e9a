package dev.tidemark.subscriber;

import net.bytebuddy.asm.Advice;

/// Woven into [dev.tidemark.subscriber.connection.RetryBackoff#isCredible]: a wait of any length is accepted.
public final class WaitsBelieved {
    private WaitsBelieved() {}

    @Advice.OnMethodExit
    @SuppressWarnings("UnusedVariable") // the caller of the method reads it
    static void exit(@Advice.Return(readOnly = false) boolean credible) {
        credible = true;
    }
}
