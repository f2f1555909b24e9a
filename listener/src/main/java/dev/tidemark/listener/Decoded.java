package dev.tidemark.listener;

import dev.tidemark.watermark.Callback;

/// A call-back ready for the store. The bytes of its body are gone.
record Decoded(Callback callback, Pending pending) {}
