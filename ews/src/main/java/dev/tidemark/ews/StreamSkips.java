package dev.tidemark.ews;

import dev.tidemark.ews.message.SkipTally;

/// Receives the parts that a stream skips, once for each envelope. Called by the stream's thread.
interface StreamSkips {
    void onSkipped(SkipTally tally);
}
