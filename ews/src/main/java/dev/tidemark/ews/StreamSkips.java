package dev.tidemark.ews;

/// Receives what a stream passes over, once for each envelope. Called by the stream's thread.
interface StreamSkips {
    void passedOver(SkipTally tally);
}
