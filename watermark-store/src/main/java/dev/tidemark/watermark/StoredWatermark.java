package dev.tidemark.watermark;

import dev.tidemark.ews.Watermark;
import java.time.Instant;

/// A watermark and when it was taken: all that happened before `takenAt` has been told. That is when Exchange
/// gave it, by our clock, or the time of the event that it came with, if that had to wait to be told.
public record StoredWatermark(Watermark value, Instant takenAt) {}
