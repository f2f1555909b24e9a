/// Tests the Kafka sink against a broker in this JVM.
@NullMarked
package dev.tidemark.kafkabroker;

import org.jspecify.annotations.NullMarked;
