package dev.tidemark.store.model;

import dev.tidemark.values.Watermark;
import java.time.Instant;

/// Watermark with its time, by the local clock: Exchange has reported everything that happened before `takenAt`.
/// This is the time of its receipt, or the time of its event if that event had to wait.
public record StoredWatermark(Watermark value, Instant takenAt) {}
