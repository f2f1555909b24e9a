package dev.tidemark.ews;

import net.bytebuddy.asm.Advice;

/// Woven into [ExchangeClock#answered]: no response reveals Exchange's clock.
public final class ClockUnread {
    private ClockUnread() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
        return true;
    }
}
