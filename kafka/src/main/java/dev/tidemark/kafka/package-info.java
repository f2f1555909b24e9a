/// Delivers events to a Kafka topic. The only module that uses Kafka's client, which is loaded only if a sink
/// needs it.
@NullMarked
package dev.tidemark.kafka;

import org.jspecify.annotations.NullMarked;
