package dev.tidemark.watermark;

import java.time.Clock;

/// A place where a store can be opened again and again.
interface StoreHome {
    WatermarkStore open(Clock clock);

    /// Ends the use of `store` as a power cut would.
    void cut(WatermarkStore store);
}
