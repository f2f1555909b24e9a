package dev.tidemark.store.model;

import java.time.Duration;
import java.time.Instant;

/// One of those who call back, as far as can be guessed: a source address, and the server named in the
/// subscription's id where it names one. Known since the start only.
///
/// @param host empty where the id names none
/// @param turns how often it called for another mailbox than just before: one busy mailbox makes few of them
/// @param pace how far apart its last few turns were, on average
public record CallbackSource(String address, String host, long turns, Duration pace, Instant lastHeardAt) {
    /// What tells it from others; the rest changes from call to call.
    public SourceKey name() {
        return new SourceKey(address, host);
    }

    /// Who it is. `address` is empty where one server calls from several.
    public record SourceKey(String address, String host) {
        @Override
        public String toString() {
            return host.isEmpty() ? address : address.isEmpty() ? host : host + " (" + address + ")";
        }
    }
}
