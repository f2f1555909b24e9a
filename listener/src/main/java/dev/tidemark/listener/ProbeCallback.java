package dev.tidemark.listener;

import java.time.Instant;

/// First callback of a [CallbackProbe].
///
/// @param clientAddress address of the caller, behind trusted proxies
public record ProbeCallback(String clientAddress, Instant receivedAt) {}
