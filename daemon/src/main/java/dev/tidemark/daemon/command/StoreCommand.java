package dev.tidemark.daemon.command;

import dev.tidemark.daemon.StoreOpener;
import dev.tidemark.daemon.admin.PositionTextCodec;
import dev.tidemark.daemon.config.YamlJsonCodec;
import dev.tidemark.log.LogInspection;
import dev.tidemark.log.LogInspection.SegmentReport;
import dev.tidemark.log.LogInspection.SnapshotReport;
import dev.tidemark.store.model.JournalPosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tidemark store`.
@Command(name = "store", description = "Checks the files of the store.", mixinStandardHelpOptions = true)
final class StoreCommand {
    private final CommandEnvironment environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    StoreCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Command(
            name = "inspect",
            description = "Lists the files of the store and their damage; changes nothing, and works beside a daemon.",
            mixinStandardHelpOptions = true)
    int inspect(@Mixin ConfigOption config, @Option(names = "--json", description = "One JSON object.") boolean json) {
        var inspection = StoreOpener.inspect(config.read(environment).store());
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(YamlJsonCodec.toJson(tree(inspection)));
        } else {
            AdminCommand.table(segments(inspection), "file", "from", "to", "firstPosition", "lastPosition", "damagedAt")
                    .forEach(out::println);
            AdminCommand.table(snapshots(inspection), "file", "position", "current", "damagedAt")
                    .forEach(out::println);
        }
        out.flush();
        return isDamaged(inspection) ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    static Map<String, Object> tree(LogInspection inspection) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("segments", segments(inspection));
        tree.put("snapshots", snapshots(inspection));
        return tree;
    }

    private static List<Map<String, Object>> segments(LogInspection inspection) {
        return inspection.segments().stream().map(StoreCommand::segment).toList();
    }

    private static List<Map<String, Object>> snapshots(LogInspection inspection) {
        return inspection.snapshots().stream().map(StoreCommand::snapshot).toList();
    }

    private static boolean isDamaged(LogInspection inspection) {
        return Stream.concat(
                        inspection.segments().stream().map(SegmentReport::damagedAt),
                        inspection.snapshots().stream().map(SnapshotReport::damagedAt))
                .anyMatch(OptionalLong::isPresent);
    }

    private static Map<String, Object> segment(SegmentReport report) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("file", report.file());
        tree.put("from", report.from());
        tree.put("to", report.to());
        tree.put("firstPosition", position(report.firstPosition()));
        tree.put("lastPosition", position(report.lastPosition()));
        addDamage(tree, report.damagedAt());
        return tree;
    }

    private static Map<String, Object> snapshot(SnapshotReport report) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("file", report.file());
        tree.put("position", position(report.position()));
        tree.put("current", report.current());
        addDamage(tree, report.damagedAt());
        return tree;
    }

    /// Formats a position as the admin API does.
    private static String position(long value) {
        return PositionTextCodec.of(new JournalPosition(value));
    }

    private static void addDamage(Map<String, Object> tree, OptionalLong damagedAt) {
        if (damagedAt.isPresent()) {
            tree.put("damagedAt", damagedAt.getAsLong());
        }
    }
}
