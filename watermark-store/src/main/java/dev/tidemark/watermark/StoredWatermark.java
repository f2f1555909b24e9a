package dev.tidemark.watermark;

import dev.tidemark.ews.Watermark;
import java.time.Instant;

/// A watermark and when it was taken, by our clock: everything that happened before `takenAt` has been reported.
/// That is when Exchange gave it, or the time of the event that it came with, if that event had to wait.
public record StoredWatermark(Watermark value, Instant takenAt) {}
