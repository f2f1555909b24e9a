package dev.tidemark.listener;

import dev.tidemark.store.model.IntakeOutcome;
import java.util.Optional;

/// A call-back that the store has judged; `receipt` is empty where it could not be stored.
record ProcessedCallback(DecodedCallback decoded, Optional<IntakeOutcome> receipt) {}
