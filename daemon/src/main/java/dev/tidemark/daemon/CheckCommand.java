package dev.tidemark.daemon;

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
    private final Environment environment;

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

    CheckCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (connect) {
            throw CommandException.notAvailable("check --connect");
        }
        try {
            return report(true, config.read(environment).warnings());
        } catch (ConfigException invalid) {
            return report(false, invalid.faults());
        }
    }

    private int report(boolean valid, List<Fault> faults) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Documents.toJson(tree(valid, faults)));
        } else {
            var err = spec.commandLine().getErr();
            faults.forEach(fault -> err.println(fault.text()));
            err.flush();
            if (valid) {
                out.println(config.file() + ": valid");
            }
        }
        out.flush();
        return valid ? ExitCodes.DONE : ExitCodes.INVALID_CONFIGURATION;
    }

    private static Map<String, Object> tree(boolean valid, List<Fault> faults) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("valid", valid);
        tree.put(
                "faults",
                faults.stream()
                        .filter(fault -> !fault.warning())
                        .map(CheckCommand::tree)
                        .toList());
        tree.put(
                "warnings",
                faults.stream().filter(Fault::warning).map(CheckCommand::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(Fault fault) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("file", fault.file());
        tree.put("line", fault.line());
        tree.put("column", fault.column());
        tree.put("message", fault.message());
        return tree;
    }
}
