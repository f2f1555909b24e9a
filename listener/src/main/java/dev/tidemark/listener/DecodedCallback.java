package dev.tidemark.listener;

import dev.tidemark.watermark.VerifiedCallback;

/// A call-back ready for the store. The bytes of its body are gone.
record DecodedCallback(VerifiedCallback callback, PendingResponse pending) {}
