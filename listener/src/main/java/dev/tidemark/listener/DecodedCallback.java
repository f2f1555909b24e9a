package dev.tidemark.listener;

import dev.tidemark.store.model.VerifiedCallback;

/// A call-back ready for the store. The bytes of its body are gone.
record DecodedCallback(VerifiedCallback callback, PendingResponse pending) {}
