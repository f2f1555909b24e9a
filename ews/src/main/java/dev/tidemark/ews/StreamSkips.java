package dev.tidemark.ews;

/// Receives the parts that a stream passes over, once for each envelope. Called by the stream's thread.
interface StreamSkips {
    void passedOver(SkipTally tally);
}
