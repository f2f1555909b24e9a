package dev.tidemark.store.model;

import java.time.Duration;
import java.time.Instant;

/// Source of callbacks, estimated from the source address and the server named in the subscription's id. Known
/// since the start only.
///
/// @param host empty if the id names no server
/// @param turns number of calls for another mailbox than the call before; one busy mailbox adds few
/// @param pace average distance between its last turns
public record CallbackSource(String address, String host, long turns, Duration pace, Instant lastHeardAt) {
    /// Returns the key of the source; the other fields change from call to call.
    public SourceKey name() {
        return new SourceKey(address, host);
    }

    /// Identity of a source. `address` is empty if one server calls from several addresses.
    public record SourceKey(String address, String host) {
        @Override
        public String toString() {
            return host.isEmpty() ? address : address.isEmpty() ? host : host + " (" + address + ")";
        }
    }
}
