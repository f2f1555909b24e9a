/// Targets of sinks: the contract that all targets implement, the egress policy, and the targets for standard
/// output and Kafka.
@NullMarked
package dev.tidemark.forwarder.targets;

import org.jspecify.annotations.NullMarked;
