package dev.tidemark.forwarder.targets;

import java.time.Duration;

/// Settings of a sink on the daemon's standard output, with one line of JSON per event.
///
/// @param timeout limit for the reader of the output
public record StdoutConfig(Duration timeout) implements SinkTargetConfig {
    /// @throws InvalidSettingException if the timeout is not positive
    public StdoutConfig {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new InvalidSettingException("A timeout of " + timeout + " is too short; try 15s.");
        }
    }

    @Override
    public String type() {
        return "stdout";
    }

    @Override
    public SinkTarget open(SinkTargetContext context) {
        return new StdoutTarget(LineWriter.standardOutput(), timeout);
    }
}
