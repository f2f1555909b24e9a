package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Requests that a receiver accepted, in order.
record DeliveryHistory(List<ReceivedRequest> deliveries) {
    private static final String INSTANCE = "/tidemark/" + DaemonConfig.INSTANCE;
    static final String RECEIVED = "dev.tidemark.mailbox.message.received";
    static final String CREATED = "dev.tidemark.mailbox.item.created";
    static final String GAP = "dev.tidemark.mailbox.gap.detected";
    static final String RESYNCED = "dev.tidemark.mailbox.resync.completed";
    static final String DELETED = "dev.tidemark.mailbox.item.deleted";

    DeliveryHistory {
        deliveries = List.copyOf(deliveries);
    }

    /// Returns the first delivery of each event, in order of arrival.
    List<ReceivedRequest> events() {
        Map<String, ReceivedRequest> first = new LinkedHashMap<>();
        deliveries.forEach(delivery -> first.putIfAbsent(delivery.id(), delivery));
        return List.copyOf(first.values());
    }

    List<ReceivedRequest> events(String type) {
        return events().stream().filter(event -> event.type().equals(type)).toList();
    }

    Set<String> items(String type) {
        return events(type).stream().flatMap(event -> event.item().stream()).collect(Collectors.toSet());
    }

    boolean knows(String type, String item) {
        return items(type).contains(item);
    }

    /// Asserts that an event of this type arrived for each of these items.
    void assertTellsAll(String type, Collection<String> wanted) {
        var found = items(type);
        var missing = wanted.stream().filter(item -> !found.contains(item)).toList();
        if (!missing.isEmpty()) {
            fail("%d of %d items have no %s, the first are %s; %d have one"
                    .formatted(
                            missing.size(),
                            wanted.size(),
                            type,
                            missing.subList(0, Math.min(5, missing.size())),
                            found.size()));
        }
    }

    /// Returns the number of repeated deliveries.
    int repetitions() {
        return deliveries.size() - events().size();
    }

    /// Asserts that each source's events arrived in order, and those of mailboxes without gaps. A sink does not receive
    /// the instance's events about itself, which a slow machine causes.
    void assertContiguousAndInOrder() {
        var bySource = events().stream()
                .collect(Collectors.groupingBy(
                        ReceivedRequest::source, Collectors.mapping(ReceivedRequest::sequence, Collectors.toList())));
        assertThat(bySource).isNotEmpty();
        bySource.forEach((source, numbers) -> {
            var last = source.equals(INSTANCE) ? numbers.getLast() : numbers.size();
            assertThat(numbers)
                    .as("sequence of " + source)
                    .isSubsetOf(LongStream.rangeClosed(1, last).boxed().toList())
                    .isSorted()
                    .doesNotHaveDuplicates();
        });
    }

    /// Asserts that no item has two event ids.
    void assertNoneDoubled(String type) {
        var seen = new TreeSet<String>();
        var twice = events(type).stream()
                .flatMap(event -> event.item().stream())
                .filter(item -> !seen.add(item))
                .toList();
        assertThat(twice).as("items with two events of type " + type).isEmpty();
    }
}
