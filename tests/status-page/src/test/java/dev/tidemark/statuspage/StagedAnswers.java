package dev.tidemark.statuspage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Answers of the admin API for a staged situation: a large installation in which all is well, and changes to it.
final class StagedAnswers {
    /// Time of every staged page, so that its pictures are the same in each build.
    static final Instant NOW = Instant.parse("2026-11-03T14:30:00Z");

    static final int MAILBOXES = 2000;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SAMPLES = 60;

    private final List<Map<String, Object>> problems = new ArrayList<>();
    private final Map<String, Object> states = new LinkedHashMap<>(Map.of("active", MAILBOXES));
    private final Map<String, Map<String, @Nullable Object>> sinks = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> connection;
    private final Map<String, Map<String, @Nullable Object>> nodes = new LinkedHashMap<>();
    private List<Map<String, @Nullable Object>> mailboxes;
    private double load = 1;
    private double lag = 0.04;

    StagedAnswers() {
        connection = fields(
                "name",
                "onprem",
                "state",
                "available",
                "since",
                ago(Duration.ofDays(9)),
                "backoffUntil",
                null,
                "reason",
                null,
                "remedy",
                null,
                "requestsWaiting",
                0,
                "concurrencyLimit",
                8);
        for (var name : List.of("crm", "search", "archive")) {
            sinks.put(name, sink(name));
        }
        mailboxes = IntStream.range(0, 50).mapToObj(StagedAnswers::mailbox).toList();
    }

    static String ago(Duration age) {
        return NOW.minus(age).toString();
    }

    /// Returns a map of names and values in turn; a value may be null.
    static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return fields;
    }

    private static Map<String, @Nullable Object> sink(String name) {
        return fields(
                "name",
                name,
                "type",
                "webhook",
                "state",
                "active",
                "backlog",
                0,
                "oldestUndeliveredAt",
                null,
                "lastError",
                null,
                "lastResponse",
                null,
                "remedy",
                null);
    }

    private static Map<String, @Nullable Object> mailbox(int number) {
        var id = "mbx_%016d".formatted(number);
        var heard = Duration.ofSeconds(7L * number + 3);
        return fields(
                "id",
                id,
                "address",
                "user%04d@example.com".formatted(number),
                "group",
                number % 4 == 0 ? "rooms" : "staff",
                "state",
                "active",
                "subscriptionId",
                "EgBleGNoMDEu" + number,
                "watermark",
                "AQAAAJ" + number,
                "watermarkAt",
                ago(heard),
                "lastHeardAt",
                ago(heard),
                "silentAt",
                NOW.plusSeconds(1200).toString(),
                "origin",
                "push",
                "lastError",
                null);
    }

    StagedAnswers problem(
            String area,
            String subject,
            String state,
            int count,
            @Nullable Duration since,
            String reason,
            String remedy) {
        problems.add(fields(
                "area",
                area,
                "subject",
                subject,
                "state",
                state,
                "count",
                count,
                "since",
                Optional.ofNullable(since).map(StagedAnswers::ago).orElse(null),
                "reason",
                reason,
                "remedy",
                remedy));
        return this;
    }

    StagedAnswers mailboxes(String state, int number, String lastError) {
        states.put(state, number);
        states.put("active", MAILBOXES - number);
        var changed = new ArrayList<>(mailboxes);
        for (var i = 0; i < Math.min(number, changed.size()); i++) {
            var one = new LinkedHashMap<>(changed.get(i));
            one.put("state", state);
            one.put("lastError", lastError);
            changed.set(i, one);
        }
        mailboxes = changed;
        return this;
    }

    StagedAnswers sink(String name, @Nullable Object... changes) {
        sinks.computeIfAbsent(name, StagedAnswers::sink).putAll(fields(changes));
        return this;
    }

    /// Adds a live node of a cluster with these leases.
    StagedAnswers node(String name, List<String> leases) {
        nodes.put(
                name,
                fields(
                        "name",
                        name,
                        "version",
                        "1.0",
                        "alive",
                        true,
                        "startedAt",
                        ago(Duration.ofDays(9)),
                        "lastSeenAt",
                        ago(Duration.ofSeconds(1)),
                        "clockOffsetMs",
                        nodes.size() * 17 - 12,
                        "leases",
                        leases));
        return this;
    }

    /// Adds a node of a cluster that has disappeared.
    StagedAnswers goneNode(String name, Duration lastSeen) {
        node(name, List.of());
        nodes.computeIfPresent(name, (same, node) -> {
            node.putAll(fields("alive", false, "lastSeenAt", ago(lastSeen)));
            return node;
        });
        return this;
    }

    StagedAnswers connection(@Nullable Object... changes) {
        connection.putAll(fields(changes));
        return this;
    }

    /// Changes the plots.
    ///
    /// @param newLoad factor on the usual rate
    /// @param newLag median seconds from storage to delivery, in the last twenty minutes
    StagedAnswers activity(double newLoad, double newLag) {
        load = newLoad;
        lag = newLag;
        return this;
    }

    private Map<String, @Nullable Object> status() {
        var upkeep = fields("snapshots", 0, "aging", 0, "underWay", 0, "done", 12);
        return fields(
                "version",
                "1.0",
                "instance",
                "gw1",
                "startedAt",
                ago(Duration.ofDays(9)),
                "uptime",
                Duration.ofDays(9).toSeconds(),
                "well",
                problems.isEmpty(),
                "problems",
                problems,
                "totals",
                fields(
                        "received",
                        5_412_033,
                        "acknowledged",
                        5_412_030,
                        "journalled",
                        1_204_118,
                        "delivered",
                        3_611_902,
                        "duplicates",
                        412,
                        "gaps",
                        3,
                        "deadLetters",
                        0),
                "mailboxes",
                states,
                "compensations",
                fields("due", 0, "underWay", 0, "recovery", null),
                "resyncs",
                fields("underWay", 0, "pages", 90_112, "changes", 204_555, "longest", List.of()),
                "upkeep",
                upkeep);
    }

    private Map<String, @Nullable Object> activity() {
        return fields(
                "samples", IntStream.range(0, SAMPLES).mapToObj(this::sample).toList());
    }

    /// Returns a sample of a wave that is the same in each build.
    private Map<String, @Nullable Object> sample(int minute) {
        var from = NOW.minusSeconds((long) SECONDS_PER_MINUTE * (SAMPLES - minute));
        var isRecent = minute >= 40;
        var wave = 1 + 0.25 * Math.sin(minute / 4.0) + 0.12 * Math.sin(minute * 1.7);
        var stored = (int) (SECONDS_PER_MINUTE * 18 * wave * (isRecent ? load : 1));
        var slow = isRecent ? lag : 0.04;
        return fields(
                "from",
                from.toString(),
                "to",
                from.plusSeconds(SECONDS_PER_MINUTE).toString(),
                "received",
                stored + 90,
                "journalled",
                stored,
                "delivered",
                isRecent && lag > 1 ? stored / 3 : stored * 3,
                "acknowledgementSeconds",
                stored == 0 ? null : quantiles(0.004 * wave, 0.021 * wave),
                "deliverySeconds",
                stored == 0 ? null : quantiles(slow * wave, 4 * slow * wave),
                "sinks",
                sinks.keySet().stream()
                        .map(name -> fields(
                                "name",
                                name,
                                "delivered",
                                stored,
                                "deliverySeconds",
                                quantiles(slow * wave, 4 * slow * wave)))
                        .toList());
    }

    private static Map<String, @Nullable Object> quantiles(double median, double slowest) {
        return fields("p50", median, "p99", slowest);
    }

    private Map<String, @Nullable Object> mailboxDetail() {
        var detail = new LinkedHashMap<>(mailboxes.getFirst());
        var isActive = "active".equals(detail.get("state"));
        detail.put(
                "next",
                fields(
                        "what",
                        isActive ? "wait for a callback" : "retry automatically",
                        "at",
                        NOW.plusSeconds(1200).toString(),
                        "why",
                        isActive ? "it is silent if none arrives until then" : null));
        detail.put("request", null);
        detail.put("resync", null);
        detail.put(
                "history",
                List.of(
                        fields("at", ago(Duration.ofMinutes(3)), "type", "subscription.created", "reason", "silence"),
                        fields(
                                "at",
                                ago(Duration.ofMinutes(3)),
                                "type",
                                "mailbox.resync.completed",
                                "method",
                                "sync",
                                "created",
                                2,
                                "modified",
                                1,
                                "deleted",
                                0,
                                "duplicatesSuppressed",
                                1,
                                "durationMs",
                                412),
                        fields(
                                "at",
                                ago(Duration.ofMinutes(4)),
                                "type",
                                "subscription.lost",
                                "reason",
                                "silence",
                                "message",
                                "no callback arrived for 21 minutes"),
                        fields("at", ago(Duration.ofDays(2)), "type", "subscription.created", "reason", "initial")));
        return detail;
    }

    private static Map<String, @Nullable Object> event(String type, Duration age, Map<String, ?> data) {
        return fields(
                "specversion",
                "1.0",
                "id",
                "evt_" + type.replace('.', '_') + age.toSeconds(),
                "type",
                "dev.tidemark." + type,
                "source",
                "/tidemark/gw1/mailboxes/mbx_0000000000000000",
                "subject",
                "user0000@example.com",
                "time",
                ago(age),
                "recordedtime",
                ago(age),
                "datacontenttype",
                "application/json",
                "sequence",
                "00000000000000000042",
                "partitionkey",
                "mbx_0000000000000000",
                "data",
                data);
    }

    private static Map<String, @Nullable Object> letters() {
        var received = event(
                "mailbox.message.received", Duration.ofMinutes(50), Map.of("parentFolder", Map.of("name", "Inbox")));
        return fields(
                "items",
                List.of(fields(
                        "id",
                        "dl_1",
                        "sink",
                        "crm",
                        "eventId",
                        "evt_1",
                        "type",
                        "dev.tidemark.mailbox.message.received",
                        "mailbox",
                        "mbx_0000000000000000",
                        "reason",
                        "responded 400",
                        "status",
                        400,
                        "responseBody",
                        "unknown field: partitionkey",
                        "attempts",
                        8,
                        "deadLetteredAt",
                        ago(Duration.ofMinutes(4)),
                        "event",
                        received)),
                "next",
                null);
    }

    private static Map<String, @Nullable Object> lately() {
        var events = List.of(
                event("subscription.lost", Duration.ofMinutes(4), Map.of("reason", "silence")),
                event("subscription.created", Duration.ofMinutes(3), Map.of("reason", "silence")),
                event(
                        "mailbox.resync.completed",
                        Duration.ofMinutes(3),
                        Map.of("created", 2, "modified", 1, "deleted", 0)));
        return fields(
                "items",
                events.stream()
                        .map(event -> fields("position", "j1-" + event.get("id"), "event", event))
                        .toList(),
                "next",
                "j1-9");
    }

    /// Returns the schema of `openapi.yaml` by path of an answer.
    static Map<String, String> schemas() {
        return Map.of(
                "status",
                "Status",
                "activity",
                "Activity",
                "sinks",
                "SinkList",
                "connections",
                "ConnectionList",
                "mailboxes",
                "MailboxPage",
                "mailboxes/mbx_0000000000000000",
                "MailboxDetail",
                "dead-letters",
                "DeadLetterPage",
                "events",
                "EventPage",
                "replays",
                "ReplayList",
                "nodes",
                "NodeList");
    }

    /// Returns the texts by path behind `/api/v1/`.
    Map<String, String> texts() {
        var troubled = mailboxes.stream()
                .filter(each -> !"active".equals(each.get("state")))
                .limit(3)
                .toList();
        var answers = new LinkedHashMap<String, String>();
        answers.put("status", json(status()));
        answers.put("activity", json(activity()));
        answers.put("sinks", json(fields("items", List.copyOf(sinks.values()))));
        answers.put("connections", json(fields("items", List.of(connection))));
        answers.put("mailboxes", json(fields("items", mailboxes, "total", MAILBOXES, "next", "worst-8-x-y")));
        states.keySet().stream()
                .filter(state -> !state.equals("active"))
                .forEach(state -> answers.put(
                        "mailboxes?state=" + state + "&sort=worst&limit=3",
                        json(fields("items", troubled, "total", states.get(state), "next", null))));
        answers.put("mailboxes/mbx_0000000000000000", json(mailboxDetail()));
        answers.put("dead-letters", json(letters()));
        answers.put("events", json(lately()));
        answers.put("nodes", json(fields("items", List.copyOf(nodes.values()))));
        answers.put("replays", json(fields("items", List.of())));
        return answers;
    }

    private static String json(Object tree) {
        return JSON.writeValueAsString(tree);
    }
}
