package dev.tidemark.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One pass over a configuration: turns nodes into values and collects what is wrong.
record Reading(Faults faults, Interpolation interpolation) {
    <T> Optional<T> parse(Node.Scalar scalar, String name, Kind<T> kind) {
        try {
            return Optional.of(kind.parse(interpolation.resolve(scalar.text())));
        } catch (BadValueException wrong) {
            faults.mistake(scalar.mark(), name + ": " + wrong.sentence());
            return Optional.empty();
        }
    }

    Optional<Node.Scalar> scalar(Node node, String name) {
        return switch (node) {
            case Node.Scalar scalar -> Optional.of(scalar);
            case Node.Empty ignored -> Optional.empty();
            case Node.Items items -> notOne(items.mark(), name);
            case Node.Fields fields -> notOne(fields.mark(), name);
        };
    }

    private Optional<Node.Scalar> notOne(Mark mark, String name) {
        faults.mistake(mark, name + " takes one value; write '" + lastPart(name) + ": value'");
        return Optional.empty();
    }

    <T> List<Placed<T>> list(Node node, String name, Kind<T> kind) {
        var result = new ArrayList<Placed<T>>();
        for (var each : items(node, name)) {
            scalar(each, name)
                    .flatMap(scalar -> parse(scalar, name, kind))
                    .ifPresent(value -> result.add(new Placed<>(value, each.mark())));
        }
        return result;
    }

    <T> List<Placed<T>> secrets(Node node, String name, Kind<T> kind) {
        for (var each : items(node, name)) {
            if (each instanceof Node.Scalar scalar && interpolation.isWrittenOut(scalar.text())) {
                faults.risk(
                        scalar.mark(),
                        name + " is written out here, readable by whoever reads this file; write ${env:NAME} or"
                                + " ${file:PATH}");
            }
        }
        return list(node, name, kind);
    }

    /// The parts of a list; anything else is taken for a list of one.
    List<Node> items(Node node, String name) {
        return switch (node) {
            case Node.Items items -> items.nodes();
            case Node.Empty ignored -> List.of();
            case Node.Scalar scalar -> List.of(scalar);
            case Node.Fields fields -> {
                faults.mistake(fields.mark(), name + " takes a list; start each part with '- '");
                yield List.of();
            }
        };
    }

    Node.Fields mapping(Node node, String name) {
        return switch (node) {
            case Node.Fields fields -> fields;
            case Node.Empty empty -> new Node.Fields(List.of(), empty.mark());
            case Node.Items items -> notAMapping(items.mark(), name);
            case Node.Scalar scalar -> notAMapping(scalar.mark(), name);
        };
    }

    private Node.Fields notAMapping(Mark mark, String name) {
        faults.mistake(mark, name + " takes keys with values; write them indented below it");
        return new Node.Fields(List.of(), mark);
    }

    boolean isOneOf(Node node, List<String> values) {
        return switch (node) {
            case Node.Scalar scalar -> resolved(scalar).filter(values::contains).isPresent();
            case Node.Empty ignored -> true;
            case Node.Items items -> items.nodes().isEmpty();
            case Node.Fields fields -> fields.fields().isEmpty();
        };
    }

    private Optional<String> resolved(Node.Scalar scalar) {
        try {
            return Optional.of(interpolation.resolve(scalar.text()));
        } catch (BadValueException unresolved) {
            faults.mistake(scalar.mark(), unresolved.sentence());
            return Optional.empty();
        }
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
