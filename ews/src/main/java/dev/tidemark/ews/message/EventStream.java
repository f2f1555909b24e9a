package dev.tidemark.ews.message;

/// Stream of the events of streaming subscriptions, in Exchange's order. One thread reads; any thread may
/// close.
public interface EventStream extends AutoCloseable {
    /// Waits for the next envelope. Never throws for a failure of the server or the network. After
    /// [StreamStep.Ended] it returns that step again. An interrupt ends the wait of a virtual thread, and with
    /// it the stream. A platform thread waits until [#close].
    StreamStep next();

    /// Ends the stream and any wait in [#next]. The subscriptions continue to exist for a while.
    @Override
    void close();
}
