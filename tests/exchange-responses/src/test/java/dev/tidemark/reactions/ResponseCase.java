package dev.tidemark.reactions;

import dev.tidemark.simulator.fault.ScriptedError;
import java.time.Duration;

/// An answer that comes over the wire, in one of its shapes, and what is to follow.
record ResponseCase(String name, How how, ExpectedRequest next, Duration statusFrequency) {
    private static final Duration DAY = Duration.ofDays(1);

    ResponseCase(String name, How how, ExpectedRequest next) {
        this(name, how, next, DAY);
    }

    /// How it arrives.
    sealed interface How {
        /// Instead of what this operation asks for.
        record Answer(String operation, ScriptedError trouble) implements How {}

        /// As an error call-back.
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
