package dev.tidemark.listener;

import dev.tidemark.store.model.IntakeOutcome;
import java.util.Optional;

/// Callback with its outcome from the store; `outcome` is empty if it could not be stored.
record ProcessedCallback(DecodedCallback decoded, Optional<IntakeOutcome> outcome) {}
