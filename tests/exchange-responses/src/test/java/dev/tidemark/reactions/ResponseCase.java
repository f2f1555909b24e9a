package dev.tidemark.reactions;

import dev.tidemark.simulator.fault.ScriptedError;
import java.time.Duration;

/// Response in one of its shapes, and the expected next request.
record ResponseCase(String name, How how, ExpectedRequest next, Duration statusFrequency) {
    private static final Duration DAY = Duration.ofDays(1);

    ResponseCase(String name, How how, ExpectedRequest next) {
        this(name, how, next, DAY);
    }

    /// Transport of the response.
    sealed interface How {
        /// Replaces the response to this operation.
        record Answer(String operation, ScriptedError trouble) implements How {}

        /// Comes as an error callback.
        record Callback(String code) implements How {}
    }

    ResponseCase withStatusFrequency(Duration other) {
        return new ResponseCase(name, how, next, other);
    }

    boolean duringResync() {
        return how instanceof How.Answer answer && answer.operation().equals("SyncFolderItems");
    }

    boolean isCallback() {
        return how instanceof How.Callback;
    }

    @Override
    public String toString() {
        return name;
    }
}
