package dev.tidemark.benchmarks.handshake;

/// Counts of one turn, as `handshake_client` prints them.
///
/// @param connections acknowledged requests, each over a new connection
/// @param resumed connections of them that resumed a session
/// @param failure last failure, or empty
record HandshakeTurn(long connections, long resumed, long failures, String failure, double p50, double p99) {}
