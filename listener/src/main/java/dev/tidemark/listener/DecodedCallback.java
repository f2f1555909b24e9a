package dev.tidemark.listener;

import dev.tidemark.store.model.VerifiedCallback;

/// Callback that is ready for the store. The bytes of its body are released.
record DecodedCallback(VerifiedCallback callback, PendingResponse pending) {}
