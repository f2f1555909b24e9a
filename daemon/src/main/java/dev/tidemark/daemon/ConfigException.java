package dev.tidemark.daemon;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A configuration that cannot be used, with every mistake that was found in it.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> found;

    /// @param found mistakes, and whatever else was found
    ConfigException(List<Fault> found) {
        super(mistakes(found).map(Fault::text).collect(Collectors.joining("\n")));
        this.found = List.copyOf(found);
    }

    private static Stream<Fault> mistakes(List<Fault> found) {
        return found.stream().filter(fault -> !fault.warning());
    }

    /// What has to be mended, in the order of the file.
    public List<Fault> faults() {
        return mistakes(found).toList();
    }

    /// What is only a risk. Warnings would hide the mistakes, and some may come of them: they wait, unless
    /// somebody asks.
    public List<Fault> warnings() {
        return found.stream().filter(Fault::warning).toList();
    }
}
