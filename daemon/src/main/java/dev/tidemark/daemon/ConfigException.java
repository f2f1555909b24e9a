package dev.tidemark.daemon;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration that cannot be used, with every mistake that was found in it.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    ConfigException(List<Fault> faults) {
        super(faults.stream().map(Fault::text).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    /// The mistakes, in the order of the file.
    public List<Fault> faults() {
        return faults;
    }
}
