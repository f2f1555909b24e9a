package dev.tidemark.reactions;

import dev.tidemark.simulator.Trouble;
import java.time.Duration;

/// An answer that comes over the wire, in one of its shapes, and what is to follow.
record Case(String name, How how, Next next, Duration statusFrequency) {
    private static final Duration DAY = Duration.ofDays(1);

    Case(String name, How how, Next next) {
        this(name, how, next, DAY);
    }

    /// How it arrives.
    sealed interface How {
        /// Instead of what this operation asks for.
        record Answer(String operation, Trouble trouble) implements How {}

        /// As an error call-back.
        record Callback(String code) implements How {}
    }

    Case withStatusFrequency(Duration other) {
        return new Case(name, how, next, other);
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
