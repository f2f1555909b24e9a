package dev.tidemark.store.model;

import dev.tidemark.values.Watermark;
import java.time.Instant;

/// Watermark with its time, by our clock: Exchange has reported everything that happened before `takenAt`. This is
/// when Exchange gave it, or the time of its event if that event had to wait.
public record StoredWatermark(Watermark value, Instant takenAt) {}
