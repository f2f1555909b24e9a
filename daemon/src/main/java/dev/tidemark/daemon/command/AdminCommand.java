package dev.tidemark.daemon.command;

import dev.tidemark.values.ReadableTime;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Base class of the commands that call a running daemon. Connects, prints lines, and formats tables for
/// operators.
abstract class AdminCommand {
    private final CommandEnvironment environment;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The daemon's configuration, to find its address and token (default: conf/tidemark.yaml, if"
                    + " it is there).")
    private @Nullable Path config;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    AdminCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    /// Returns the configuration that the operator named, otherwise the one that `run` reads.
    final Path configFile() {
        return Optional.ofNullable(config).orElse(AdminEndpoint.USUAL_CONFIG);
    }

    /// Calls the daemon and prints the lines that `show` makes of its responses.
    final int callDaemon(Function<AdminClient, List<String>> show) {
        return useDaemon(client -> {
            show.apply(client).forEach(this::print);
            return ExitCodes.DONE;
        });
    }

    /// Calls the daemon and returns the exit code of `work`.
    final int useDaemon(ToIntFunction<AdminClient> work) {
        try (var client = admin.connect(environment, Optional.ofNullable(config))) {
            return work.applyAsInt(client);
        }
    }

    final void print(String line) {
        var out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    /// Waits until the operation that a response names has ended, and returns its fields.
    ///
    /// @throws CommandException if the operation failed
    static Map<String, Object> awaitOperation(AdminClient client, Map<String, Object> started) {
        var path = "/api/v1/operations/" + encoded(text(started, "operation"));
        var operation = client.get(path + "?wait=0");
        while (text(operation, "finishedAt").equals("-")) {
            operation = client.get(path + "?wait=10");
        }
        var error = operation.get("error");
        if (error != null) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(error));
        }
        return operation;
    }

    /// Returns the objects below `items` of a response.
    @SuppressWarnings("unchecked") // keys of JSON objects are texts
    static List<Map<String, Object>> items(Map<String, Object> response) {
        return response.get("items") instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    static String text(Map<String, Object> item, String key) {
        var value = item.get(key);
        return value == null ? "-" : String.valueOf(value);
    }

    /// Formats the value for operators, with times to the second.
    static String readable(@Nullable Object value) {
        return value == null ? "-" : ReadableTime.within(String.valueOf(value));
    }

    static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Formats each entry as one line.
    static List<String> lines(Map<String, Object> tree) {
        return tree.keySet().stream()
                .map(key -> key + ": " + readable(tree.get(key)))
                .toList();
    }

    /// Formats a header and one row per item; each column is as wide as its widest value.
    static List<String> table(List<Map<String, Object>> items, String... columns) {
        var widths = Arrays.stream(columns)
                .map(column -> items.stream()
                        .map(item -> readable(item.get(column)).length())
                        .reduce(column.length(), Math::max))
                .toList();
        Function<Function<String, String>, String> row = cell -> IntStream.range(0, columns.length)
                .mapToObj(i -> pad(cell.apply(columns[i]), widths.get(i)))
                .collect(Collectors.joining("  "))
                .stripTrailing();
        var result = new ArrayList<String>();
        result.add(row.apply(column -> column));
        items.forEach(item -> result.add(row.apply(column -> readable(item.get(column)))));
        return result;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
