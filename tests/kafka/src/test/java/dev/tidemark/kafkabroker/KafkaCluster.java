package dev.tidemark.kafkabroker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;

/// Real cluster of one broker and one controller in this JVM.
final class KafkaCluster implements AutoCloseable {
    private static final int BROKER = 0;

    private final KafkaClusterTestKit kit;
    private final String servers;

    KafkaCluster() throws Exception {
        var nodes = new TestKitNodes.Builder()
                .setCombined(false)
                .setNumBrokerNodes(1)
                .setNumControllerNodes(1)
                .build();
        kit = new KafkaClusterTestKit.Builder(nodes)
                .setConfigProp("auto.create.topics.enable", "false")
                .setConfigProp("offsets.topic.replication.factor", "1")
                .build();
        kit.format();
        kit.startup();
        kit.waitForReadyBrokers();
        servers = kit.bootstrapServers();
    }

    String servers() {
        return servers;
    }

    KafkaCluster topic(String name, int partitions) throws Exception {
        return topic(name, partitions, Map.of());
    }

    KafkaCluster topic(String name, int partitions, Map<String, String> settings) throws Exception {
        try (var admin = kit.admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
        return this;
    }

    void deleteTopic(String name) throws Exception {
        try (var admin = kit.admin()) {
            admin.deleteTopics(List.of(name)).all().get();
        }
    }

    void stopBroker() {
        kit.brokers().get(BROKER).shutdown();
        kit.brokers().get(BROKER).awaitShutdown();
    }

    void startBroker() {
        kit.brokers().get(BROKER).startup();
    }

    /// Reads the topic from its start until `enough`, or for two minutes.
    List<ConsumerRecord<String, String>> read(String topic, Predicate<List<ConsumerRecord<String, String>>> enough) {
        var settings = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class);
        try (var consumer = new KafkaConsumer<String, String>(settings)) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var records = new ArrayList<ConsumerRecord<String, String>>();
            var deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (!enough.test(records) && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            kit.close();
        } catch (Exception e) {
            throw new IOException("The cluster failed to stop", e);
        }
    }
}
