package dev.tidemark.subscriber;

import dev.tidemark.watermark.Recovery;
import java.util.Optional;

/// What came of a look for what is new in a mailbox whose push does not work.
///
/// @param found what was new
/// @param requests sent for it
/// @param cut why it was not looked at whole; the next look goes on from there
public record Polled(Recovery.Count found, int requests, Optional<Outcome> cut) {
    static Polled not(Outcome why) {
        return new Polled(Recovery.Count.NONE, 0, Optional.of(why));
    }
}
