package dev.tidemark.ews;

import dev.tidemark.values.ClockOffset;
import net.bytebuddy.asm.Advice;

/// Woven into [ExchangeClock#withEvents], which every use of the offset passes: neither dates nor event times
/// count.
public final class ClockUnread {
    private ClockUnread() {}

    @Advice.OnMethodExit
    @SuppressWarnings("UnusedVariable") // the caller of the method reads it
    static void exit(@Advice.Return(readOnly = false) ClockOffset offset) {
        offset = ClockOffset.NONE;
    }
}
