/// Events to a topic of Kafka. The only module that knows Kafka's client; nothing of it is loaded unless a
/// sink asks for it.
@NullMarked
package dev.tidemark.kafka;

import org.jspecify.annotations.NullMarked;
