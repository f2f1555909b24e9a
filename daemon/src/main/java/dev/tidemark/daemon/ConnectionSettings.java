package dev.tidemark.daemon;

import dev.tidemark.ews.ConnectionConfig;
import java.net.URI;
import java.util.Optional;

/// A connection as configured. `publicUrl` is where this organisation calls back, if not where all do.
public record ConnectionSettings(ConnectionConfig client, Optional<URI> publicUrl) {}
