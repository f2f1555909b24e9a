package dev.tidemark.ews;

import dev.tidemark.values.InvalidValueException;
import net.bytebuddy.asm.Advice;

/// Woven into [dev.tidemark.ews.message.SkipTally#count]: an item that cannot be understood loses its page.
public final class SkipsRefused {
    private SkipsRefused() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("operation") String operation) {
        if (operation.equals("SyncFolderItems")) {
            throw new InvalidValueException("An item cannot be understood.");
        }
    }
}
