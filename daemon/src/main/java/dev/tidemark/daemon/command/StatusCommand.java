package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tidemark status`.
@Command(
        name = "status",
        description = "Shows the state of the running daemon. Exits with 0 if it responds, also with problems.",
        mixinStandardHelpOptions = true)
final class StatusCommand extends AdminCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Prints the response of /api/v1/status.")
    private boolean json;

    StatusCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        return callDaemon(client -> {
            var status = client.get("/api/v1/status");
            return json
                    ? List.of(YamlJsonCodec.toJson(status))
                    : Stream.concat(
                                    Stream.concat(
                                            lines(status, items(client.get("/api/v1/sinks"))).stream(),
                                            NodesCommand.summary(items(client.get("/api/v1/nodes"))).stream()),
                                    items(client.get("/api/v1/replays")).stream()
                                            .map(StatusCommand::replay))
                            .toList();
        });
    }

    private static String replay(Map<String, Object> replay) {
        return "replay " + text(replay, "id") + " to " + text(replay, "sink") + ": " + text(replay, "done") + " of "
                + text(replay, "total") + " events done";
    }

    private static List<String> lines(Map<String, Object> status, List<Map<String, Object>> sinks) {
        var lines = new ArrayList<String>();
        lines.addAll(problems(status));
        lines.add("tidemark " + text(status, "version") + ", instance " + text(status, "instance") + ", up "
                + text(status, "uptime") + " s");
        lines.add("totals: " + counts(status.get("totals")));
        lines.add("mailboxes: " + counts(status.get("mailboxes")));
        compensations(status.get("compensations")).ifPresent(lines::add);
        resyncs(status.get("resyncs"), status.get("upkeep")).ifPresent(lines::add);
        sinks.forEach(sink -> lines.add(sink(sink)));
        return lines;
    }

    /// Returns the lines about problems: a summary, then the problems, worst first.
    static List<String> problems(Map<String, Object> status) {
        if (!(status.get("problems") instanceof List<?> problems) || problems.isEmpty()) {
            return List.of("everything is well");
        }
        var lines = new ArrayList<String>();
        lines.add("not well: " + (problems.size() == 1 ? "1 problem" : problems.size() + " problems, worst first"));
        for (var each : problems) {
            if (each instanceof Map<?, ?> problem) {
                lines.add("  " + subject(problem) + ": " + readable(problem.get("reason")));
                lines.add("    remedy: " + readable(problem.get("remedy")));
            }
        }
        return lines;
    }

    private static String subject(Map<?, ?> problem) {
        var since = problem.get("since") == null ? "" : " since " + readable(problem.get("since"));
        var state = " " + problem.get("state") + since;
        return switch (String.valueOf(problem.get("area"))) {
            case "store" -> "store" + state;
            case "connections" -> "connection " + problem.get("subject") + state;
            case "certificates" -> "certificate " + problem.get("subject") + state;
            case "canary" -> "canary of connection " + problem.get("subject") + state;
            case "sinks" -> "sink " + problem.get("subject") + state;
            case "nodes" -> "node " + problem.get("subject") + state;
            case "clock" -> "clock of connection " + problem.get("subject") + state;
            case "mailboxes" -> counted(problem, "mailbox", "mailboxes") + state;
            case "dead-letters" -> counted(problem, "dead letter", "dead letters");
            case String area -> area + state;
        };
    }

    private static String counted(Map<?, ?> problem, String one, String many) {
        var count = String.valueOf(problem.get("count"));
        return count + " " + (count.equals("1") ? one : many);
    }

    /// Formats a sink on one line, with its last error if any.
    static String sink(Map<String, Object> sink) {
        var line = "sink " + text(sink, "name") + ": " + text(sink, "state") + ", backlog " + text(sink, "backlog");
        return sink.get("lastError") instanceof String why ? line + ": " + why : line;
    }

    /// Returns a line only if compensations are due or in flight.
    private static Optional<String> compensations(@Nullable Object tree) {
        if (!(tree instanceof Map<?, ?> map)
                || (String.valueOf(map.get("due")).equals("0")
                        && String.valueOf(map.get("underWay")).equals("0"))) {
            return Optional.empty();
        }
        var recovery = map.get("recovery") instanceof Map<?, ?> busy
                ? "; since " + readable(busy.get("since")) + " " + busy.get("done") + " done, " + busy.get("remaining")
                        + " left, by " + readable(busy.get("expectedEnd"))
                : "";
        return Optional.of("compensations: due " + map.get("due") + ", in flight " + map.get("underWay") + recovery);
    }

    private static Optional<String> resyncs(@Nullable Object resyncs, @Nullable Object upkeep) {
        var inFlight = resyncs instanceof Map<?, ?> map ? String.valueOf(map.get("underWay")) : "0";
        var snapshots = upkeep instanceof Map<?, ?> map ? String.valueOf(map.get("snapshots")) : "0";
        return inFlight.equals("0") && snapshots.equals("0")
                ? Optional.empty()
                : Optional.of("resyncs: in progress " + inFlight + "; snapshots: pending " + snapshots);
    }

    private static String counts(@Nullable Object tree) {
        return tree instanceof Map<?, ?> map && !map.isEmpty()
                ? map.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "))
                : "none";
    }
}
