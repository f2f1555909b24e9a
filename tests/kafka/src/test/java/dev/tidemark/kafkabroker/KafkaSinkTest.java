package dev.tidemark.kafkabroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.KafkaConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.MailboxAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class KafkaSinkTest {
    private static final SinkName BUS = new SinkName("bus");
    /// Long, because a repeated record would fail the test and a busy machine delays the broker.
    private static final Duration PATIENT = Duration.ofMinutes(1);

    private static final Duration HASTY = Duration.ofSeconds(4);
    private static KafkaCluster cluster;

    @TempDir
    private Path folder;

    private WatermarkStore store;
    private final List<MailboxId> mailboxes = new ArrayList<>();
    private EventForwarder forwarder;

    @BeforeAll
    static void start_a_broker() throws Exception {
        cluster = new KafkaCluster();
    }

    @AfterAll
    static void stop_it() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void open() {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("t"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        store = StoreFactory.open(config, Clock.systemUTC());
        for (var i = 0; i < 5; i++) {
            var address = new MailboxAddress("m" + i + "@example.com");
            mailboxes.add(store.mailboxes()
                    .enrol(address, new GroupMembership("inboxes", false))
                    .id());
        }
    }

    @AfterEach
    void close() {
        if (forwarder != null) {
            forwarder.close();
        }
        store.close();
    }

    @Test
    void events_arrive_keyed_by_mailbox_in_order_and_as_cloud_events() throws Exception {
        cluster.topic("plain", 3);
        forwarder = start(kafka("plain", cluster.servers(), Map.of()), ThroughputConfig.DEFAULT);
        happen(40);
        var records = cluster.read("plain", read -> read.size() >= 40);

        assertThat(records).hasSize(40);
        assertInOrder(records);
        var expected = new HashSet<String>();
        var events = new CloudEventRenderer("gw1");
        journalled().forEach(event -> expected.add(new String(events.render(event), StandardCharsets.UTF_8)));
        assertThat(records).allSatisfy(record -> {
            assertThat(mailboxes).extracting(MailboxId::value).contains(record.key());
            assertThat(record.value()).contains("\"partitionkey\":\"" + record.key() + "\"");
            assertThat(expected).contains(record.value());
            var type = record.headers().lastHeader("content-type");
            assertThat(new String(type.value(), StandardCharsets.UTF_8))
                    .isEqualTo("application/cloudevents+json; charset=utf-8");
        });
    }

    @Test
    void a_trial_event_arrives_and_is_not_journalled() throws Exception {
        cluster.topic("trial", 1);
        forwarder = start(kafka("trial", cluster.servers(), Map.of()), ThroughputConfig.DEFAULT);
        assertThat(forwarder.test(BUS).orElseThrow().delivered()).isTrue();
        assertThat(cluster.read("trial", read -> !read.isEmpty()).getFirst().value())
                .contains("dev.tidemark.ping");
    }

    @Test
    void nothing_is_missing_or_disordered_when_the_broker_restarts_under_load() throws Exception {
        cluster.topic("restart", 2);
        forwarder = start(
                kafka("restart", cluster.servers(), Map.of(), HASTY), new ThroughputConfig(4, 10, Duration.ZERO, 0));
        happen(50);
        cluster.stopBroker();
        happen(50);
        await().until(() -> view().backlog() > 0);
        var behind = store.deliveries().deliveredByAll();
        assertThat(behind).isLessThan(store.journal().end());
        cluster.startBroker();
        happen(50);
        var ids = new LinkedHashSet<String>();
        var records = cluster.read("restart", read -> {
            read.forEach(record -> ids.add(record.value()));
            return ids.size() >= 150;
        });
        assertThat(ids).as("every event once at least").hasSize(150);
        assertInOrder(records);
        await().until(() -> view().state().equals("active"));
        assertThat(store.deliveries().deadLetters(Optional.of(BUS), 10)).isEmpty();
    }

    /// Each record is a separate producer batch, so that they time out at different times. The broker returns
    /// between the first and the last timeout.
    @Test
    void a_record_that_ran_out_of_time_holds_back_those_behind_it() throws Exception {
        var topic = "expiring";
        cluster.topic(topic, 1);
        var singly = Map.of("batch.size", "1");
        var pace = new ThroughputConfig(1, 200, Duration.ZERO, 0);
        forwarder = start(kafka(topic, cluster.servers(), singly, HASTY), pace);
        happen(5);
        assertThat(cluster.read(topic, read -> read.size() >= 5)).hasSize(5);
        cluster.stopBroker();
        happen(1000);
        await().until(() -> view().lastError().isPresent());
        cluster.startBroker();
        var ids = new LinkedHashSet<String>();
        var records = cluster.read(topic, read -> {
            read.forEach(record -> ids.add(record.value()));
            return ids.size() >= 1005;
        });
        assertThat(ids).as("every event once at least").hasSize(1005);
        assertInOrder(records);
    }

    @Test
    void an_event_that_is_too_large_is_its_own_failure_and_the_others_go_on() throws Exception {
        cluster.topic("large", 1);
        var small = Map.of("max.request.size", "4096");
        forwarder = start(kafka("large", cluster.servers(), small), ThroughputConfig.DEFAULT);
        happen(3);
        store.journal().appendMailboxEvent(mailboxes.get(0), "mailbox.paused", Map.of("text", "x".repeat(5000)));
        happen(3);
        await().until(() ->
                !store.deliveries().deadLetters(Optional.of(BUS), 10).isEmpty());
        var letter = store.deliveries().deadLetters(Optional.of(BUS), 10).getFirst();
        assertThat(letter.reason()).contains("RecordTooLargeException", "max.request.size is 4096");
        assertThat(letter.response()).isEmpty();
        assertThat(cluster.read("large", read -> read.size() >= 6)).hasSize(6);
        assertThat(view().state()).isEqualTo("active");
    }

    /// logstash-plugins/logstash-output-kafka #190: retried endlessly, because only the broker knows its limit.
    @Test
    void an_event_that_the_broker_finds_too_large_is_its_own_failure_too() throws Exception {
        cluster.topic("limited", 1, Map.of("max.message.bytes", "4096"));
        forwarder = start(kafka("limited", cluster.servers(), Map.of()), ThroughputConfig.DEFAULT);
        happen(3);
        store.journal().appendMailboxEvent(mailboxes.get(0), "mailbox.paused", Map.of("text", "x".repeat(5000)));
        happen(3);
        await().until(() ->
                !store.deliveries().deadLetters(Optional.of(BUS), 10).isEmpty());
        assertThat(cluster.read("limited", read -> read.size() >= 6)).hasSize(6);
        assertThat(store.deliveries().deadLetters(Optional.of(BUS), 10))
                .singleElement()
                .satisfies(letter -> assertThat(letter.attempts()).isEqualTo(1));
        assertThat(view().state()).isEqualTo("active");
    }

    @Test
    void a_topic_that_is_not_there_is_the_sinks_failure_and_waits_for_it() throws Exception {
        forwarder = start(kafka("later", cluster.servers(), Map.of(), HASTY), ThroughputConfig.DEFAULT);
        happen(2);
        await().until(() -> view().state().equals("held"));
        assertThat(view().lastError().orElseThrow()).contains("later");
        cluster.topic("later", 1);
        assertThat(
                        cluster
                                .read(
                                        "later",
                                        read -> read.stream()
                                                        .map(ConsumerRecord::value)
                                                        .distinct()
                                                        .count()
                                                >= 2)
                                .stream()
                                .map(ConsumerRecord::value)
                                .distinct())
                .hasSize(2);
        assertThat(store.deliveries().deadLetters(Optional.of(BUS), 10)).isEmpty();
    }

    /// confluentinc/librdkafka #3009 and #5022: a producer that knew the old topic, under whose sequence numbers the
    /// new
    /// one has no record, was stuck until a restart.
    @Test
    void a_topic_that_is_deleted_and_made_again_gets_the_events_that_waited() throws Exception {
        cluster.topic("made-again", 3);
        forwarder = start(kafka("made-again", cluster.servers(), Map.of(), HASTY), ThroughputConfig.DEFAULT);
        happen(20);
        assertThat(cluster.read("made-again", read -> read.size() >= 20)).hasSize(20);
        cluster.deleteTopic("made-again");
        happen(20);
        await().until(() -> view().state().equals("held"));
        // fewer partitions than the producer remembers
        cluster.topic("made-again", 1);
        await().until(() -> view().state().equals("active"));
        happen(20);
        var read = cluster.read("made-again", records -> values(records).size() >= 40);
        assertThat(values(read)).hasSize(40);
        assertInOrder(read);
        assertThat(store.deliveries().deadLetters(Optional.of(BUS), 10)).isEmpty();
    }

    private static Set<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).collect(Collectors.toSet());
    }

    @Test
    void a_cluster_on_loopback_needs_a_line_in_the_configuration() {
        var sink = sink(kafka("plain", cluster.servers(), Map.of()), ThroughputConfig.DEFAULT);
        var config = new ForwarderConfig(List.of(sink), Map.of(), EgressConfig.standard(), Duration.ofSeconds(5));
        forwarder = EventForwarder.start(config, store, Clock.systemUTC());
        var trial = forwarder.test(BUS).orElseThrow();
        assertThat(trial.delivered()).isFalse();
        assertThat(trial.remedy())
                .hasValueSatisfying(remedy -> assertThat(remedy).contains("egress.allow"));
    }

    private EventForwarder start(KafkaConfig kafka, ThroughputConfig pace) {
        var config = new ForwarderConfig(
                List.of(sink(kafka, pace)),
                Map.of("inboxes", Set.of(BUS)),
                new EgressConfig(false, List.of("127.0.0.0/8", "::1")),
                Duration.ofSeconds(10));
        return EventForwarder.start(config, store, Clock.systemUTC());
    }

    private static SinkConfig sink(KafkaConfig kafka, ThroughputConfig pace) {
        var retry = new RetryConfig(List.of(), Duration.ofMinutes(10), Duration.ofHours(24));
        return new SinkConfig(BUS, kafka, DeliveryOrdering.MAILBOX, pace, retry, List.of());
    }

    private static KafkaConfig kafka(String topic, String servers, Map<String, String> properties) {
        return kafka(topic, servers, properties, PATIENT);
    }

    private static KafkaConfig kafka(String topic, String servers, Map<String, String> properties, Duration timeout) {
        return new KafkaConfig(servers, topic, properties, timeout);
    }

    private SinkView view() {
        return forwarder.sinks().getFirst();
    }

    private void happen(int times) {
        for (var i = 0; i < times; i++) {
            var mailbox = mailboxes.get(i % mailboxes.size());
            store.journal().appendMailboxEvent(mailbox, "mailbox.paused", Map.of("number", (long) i));
        }
    }

    private List<JournalEvent> journalled() {
        return store.journal().read(new JournalPosition(0), 1000);
    }

    /// Asserts the order of first appearances; a repetition after a failure may come later.
    private static void assertInOrder(List<ConsumerRecord<String, String>> records) {
        var sequences = new LinkedHashMap<String, List<String>>();
        for (var record : records) {
            var at = record.value().indexOf("\"sequence\":\"") + "\"sequence\":\"".length();
            var sequence = record.value().substring(at, at + 20);
            var seen = sequences.computeIfAbsent(record.key(), ignored -> new ArrayList<>());
            if (!seen.contains(sequence)) {
                seen.add(sequence);
            }
        }
        assertThat(sequences.values()).allSatisfy(seen -> assertThat(seen).isSorted());
    }
}
