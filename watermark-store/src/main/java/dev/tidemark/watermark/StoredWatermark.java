package dev.tidemark.watermark;

import dev.tidemark.ews.Watermark;
import java.time.Instant;

/// A watermark and when it was taken, by our clock.
public record StoredWatermark(Watermark value, Instant takenAt) {}
