package dev.tidemark.listener;

import dev.tidemark.watermark.Receipt;
import java.util.Optional;

/// A call-back that the store has judged; `receipt` is empty where it could not be stored.
record Settled(Decoded decoded, Optional<Receipt> receipt) {}
