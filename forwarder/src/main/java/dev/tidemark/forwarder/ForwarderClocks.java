package dev.tidemark.forwarder;

import java.time.Clock;

/// Clock of the delivery schedule and clock of the timestamps in requests.
record ForwarderClocks(Clock schedule, Clock requests) {}
