package dev.tidemark.daemon.config;

import dev.tidemark.daemon.inputs.ConfigInputRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Converts nodes to values and collects faults. One instance per read of a configuration.
record ConfigValueParser(
        ConfigDiagnosticCollector faults, ValueInterpolator interpolation, ConfigInputRecorder inputs) {
    <T> Optional<T> parse(ConfigNode.Scalar scalar, String name, ValueConverter<T> kind) {
        try {
            return Optional.of(kind.parse(interpolation.resolve(scalar.text())));
        } catch (BadValueException wrong) {
            faults.addFault(scalar.mark(), name + ": " + wrong.sentence());
            return Optional.empty();
        }
    }

    Optional<ConfigNode.Scalar> scalar(ConfigNode node, String name) {
        return switch (node) {
            case ConfigNode.Scalar scalar -> Optional.of(scalar);
            case ConfigNode.Empty ignored -> Optional.empty();
            case ConfigNode.Items items -> notOne(items.mark(), name);
            case ConfigNode.Fields fields -> notOne(fields.mark(), name);
        };
    }

    private Optional<ConfigNode.Scalar> notOne(SourceLocation mark, String name) {
        faults.addFault(mark, name + " takes one value; write '" + lastPart(name) + ": value'");
        return Optional.empty();
    }

    <T> List<LocatedValue<T>> list(ConfigNode node, String name, ValueConverter<T> kind) {
        var result = new ArrayList<LocatedValue<T>>();
        for (var each : items(node, name)) {
            scalar(each, name)
                    .flatMap(scalar -> parse(scalar, name, kind))
                    .ifPresent(value -> result.add(new LocatedValue<>(value, each.mark())));
        }
        return result;
    }

    <T> List<LocatedValue<T>> secrets(ConfigNode node, String name, ValueConverter<T> kind) {
        items(node, name).forEach(each -> warnIfWrittenOut(each, name));
        return list(node, name, kind);
    }

    /// Warns of a secret that the file holds literally.
    void warnIfWrittenOut(ConfigNode node, String name) {
        if (node instanceof ConfigNode.Scalar scalar && interpolation.isWrittenOut(scalar.text())) {
            faults.addWarning(scalar.mark(), name + writtenOut(scalar.text()));
        }
    }

    private static String writtenOut(String text) {
        return ValueInterpolator.defaulted(text)
                .map(variable -> " is the default that is written out here, because the environment has no " + variable
                        + "; set " + variable + ", or write ${file:PATH}")
                .orElse(" is written out here, readable by every reader of this file; write ${env:NAME} or"
                        + " ${file:PATH}");
    }

    /// Returns the items of a list. Any other node counts as a list of one.
    List<ConfigNode> items(ConfigNode node, String name) {
        return switch (node) {
            case ConfigNode.Items items -> items.nodes();
            case ConfigNode.Empty ignored -> List.of();
            case ConfigNode.Scalar scalar -> List.of(scalar);
            case ConfigNode.Fields fields -> {
                faults.addFault(fields.mark(), name + " takes a list; start each part with '- '");
                yield List.of();
            }
        };
    }

    ConfigNode.Fields mapping(ConfigNode node, String name) {
        return switch (node) {
            case ConfigNode.Fields fields -> fields;
            case ConfigNode.Empty empty -> new ConfigNode.Fields(List.of(), empty.mark());
            case ConfigNode.Items items -> notAMapping(items.mark(), name);
            case ConfigNode.Scalar scalar -> notAMapping(scalar.mark(), name);
        };
    }

    private ConfigNode.Fields notAMapping(SourceLocation mark, String name) {
        faults.addFault(mark, name + " takes keys with values; write them indented below it");
        return new ConfigNode.Fields(List.of(), mark);
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
