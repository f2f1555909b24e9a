package dev.tidemark.forwarder.target;

import java.time.Duration;

/// Standard output of the daemon, a line of JSON for each event.
///
/// @param timeout how long whoever reads it may take
public record StdoutConfig(Duration timeout) implements SinkTargetConfig {
    /// @throws InvalidSettingException if nobody could read that fast
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
