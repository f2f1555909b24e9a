package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.values.ReadableTime;

/// Describes missing callbacks to operators: names the URL that Exchange was given, and what to check.
final class MissingCallbackDescriber {
    private MissingCallbackDescriber() {}

    /// Returns the sentence for a subscription that never called back. The token at the end of the URL is a
    /// secret.
    static String neverCalled(Mailbox mailbox, GroupSubscriptionConfig groupConfig) {
        var url = groupConfig.publicUrl().toString().replaceAll("/+$", "") + "/ews/notifications/...";
        var attempts = mailbox.fruitless() > 0 ? " after " + counted(mailbox.fruitless()) : "";
        return "Exchange does not call back at " + url + attempts + ": correct public-url if it is not the address of"
                + " this listener as Exchange sees it, else check that Exchange's servers can resolve and reach it and"
                + " trust its certificate";
    }

    private static String counted(int compensations) {
        return compensations == 1 ? "a compensation" : compensations + " compensations in a row";
    }

    /// Returns the sentence for a subscription that called back before.
    static String silentSince(Mailbox mailbox) {
        return "No callback from Exchange"
                + mailbox.lastHeardAt()
                        .map(at -> " since " + ReadableTime.of(at))
                        .orElse("")
                + "; subscribing again";
    }
}
