package dev.tidemark.forwarder;

import java.time.Clock;

/// The clock by which deliveries are planned, and the one that receivers are told.
record ForwarderClocks(Clock planned, Clock told) {}
