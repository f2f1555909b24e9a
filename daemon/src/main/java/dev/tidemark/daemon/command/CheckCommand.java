package dev.tidemark.daemon.command;

import dev.tidemark.daemon.check.CheckStep;
import dev.tidemark.daemon.check.LiveCheck;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.QuantityFormat;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.YamlJsonCodec;
import dev.tidemark.store.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tidemark check`.
@Command(
        name = "check",
        description = "Reads the configuration as run does and reports every fault at once.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(
            names = "--connect",
            description = "Also tries the store, Exchange with its callback, and the sinks; a running daemon does it.")
    private boolean connect;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            description = "With --connect: the longest wait for Exchange's callback (default: 90s).")
    private @Nullable String wait;

    @Option(names = "--json", description = "Reports as JSON on standard output.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    CheckCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        TidemarkConfig read;
        try {
            read = config.read(environment);
        } catch (ConfigException invalid) {
            return report(invalid.faults(), invalid.warnings());
        }
        return connect ? connect(read) : report(List.of(), read.warnings());
    }

    private int connect(TidemarkConfig read) throws InterruptedException {
        var limit = callbackWait();
        var out = spec.commandLine().getOut();
        if (!json) {
            print(read.warnings());
            out.println("This takes up to " + limit.toSeconds() + " s, until Exchange calls back.");
            out.flush();
        }
        var steps = steps(read, limit);
        if (json) {
            var tree = tree(List.of(), read.warnings());
            tree.put("steps", steps.stream().map(CheckStep::fields).toList());
            out.println(YamlJsonCodec.toJson(tree));
        } else {
            out.println(CheckReport.summary(steps));
        }
        out.flush();
        return CheckReport.exitCode(steps);
    }

    /// Runs the check here, or by the daemon that uses the store.
    private List<CheckStep> steps(TidemarkConfig read, Duration limit) throws InterruptedException {
        try {
            return new StandaloneCheck(read, environment.clock(), this::print).run(limit);
        } catch (StoreException failed) {
            if (!failed.isInUse()) {
                throw failed;
            }
        }
        try (var client = admin.connect(environment, Optional.of(config.file()))) {
            var steps = RemoteCheck.run(client, limit);
            steps.forEach(this::print);
            return steps;
        }
    }

    private Duration callbackWait() {
        try {
            return wait == null ? LiveCheck.CALLBACK_WAIT : QuantityFormat.duration(wait);
        } catch (BadValueException wrong) {
            throw new CommandException(ExitCodes.USAGE, "--wait: " + wrong.sentence() + ".");
        }
    }

    private void print(CheckStep step) {
        if (!json) {
            var to =
                    step.ok() ? spec.commandLine().getOut() : spec.commandLine().getErr();
            to.println(CheckReport.line(step));
            to.flush();
        }
    }

    private void print(List<ConfigDiagnostic> diagnostics) {
        var err = spec.commandLine().getErr();
        diagnostics.forEach(fault -> err.println(fault.text()));
        err.flush();
    }

    private int report(List<ConfigDiagnostic> faults, List<ConfigDiagnostic> warnings) {
        var out = spec.commandLine().getOut();
        var valid = faults.isEmpty();
        if (json) {
            out.println(YamlJsonCodec.toJson(tree(faults, warnings)));
        } else {
            print(valid ? warnings : faults);
            if (valid) {
                out.println(config.file() + ": valid" + counted(warnings.size()));
            } else if (!warnings.isEmpty()) {
                out.println("Warnings that appear after these faults are fixed: " + warnings.size()
                        + " (check --json shows them now).");
            }
        }
        out.flush();
        return valid ? ExitCodes.DONE : ExitCodes.INVALID_CONFIGURATION;
    }

    private static String counted(int warnings) {
        return switch (warnings) {
            case 0 -> "";
            case 1 -> ", with a warning";
            default -> ", with " + warnings + " warnings";
        };
    }

    private static Map<String, Object> tree(List<ConfigDiagnostic> faults, List<ConfigDiagnostic> warnings) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("valid", faults.isEmpty());
        tree.put("faults", faults.stream().map(CheckCommand::tree).toList());
        tree.put("warnings", warnings.stream().map(CheckCommand::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(ConfigDiagnostic fault) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("file", fault.file());
        tree.put("line", fault.line());
        tree.put("column", fault.column());
        tree.put("message", fault.message());
        return tree;
    }
}
