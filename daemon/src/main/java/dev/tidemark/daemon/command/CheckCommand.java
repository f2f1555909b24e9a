package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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

    @Option(
            names = "--connect",
            description = "Also tries the store, Exchange and the sinks (not available in this version).")
    private boolean connect;

    @Option(names = "--json", description = "Reports as JSON on standard output.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    CheckCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (connect) {
            throw CommandException.notAvailable("check --connect");
        }
        try {
            return report(List.of(), config.read(environment).warnings());
        } catch (ConfigException invalid) {
            return report(invalid.faults(), invalid.warnings());
        }
    }

    private int report(List<ConfigDiagnostic> faults, List<ConfigDiagnostic> warnings) {
        var out = spec.commandLine().getOut();
        var valid = faults.isEmpty();
        if (json) {
            out.println(YamlJsonCodec.toJson(tree(faults, warnings)));
        } else {
            var err = spec.commandLine().getErr();
            (valid ? warnings : faults).forEach(fault -> err.println(fault.text()));
            err.flush();
            if (valid) {
                out.println(config.file() + ": valid");
            } else if (!warnings.isEmpty()) {
                out.println("Warnings that appear after these faults are fixed: " + warnings.size()
                        + " (check --json shows them now).");
            }
        }
        out.flush();
        return valid ? ExitCodes.DONE : ExitCodes.INVALID_CONFIGURATION;
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
