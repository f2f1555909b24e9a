package dev.tidemark.contract;

import dev.tidemark.tracing.EventTracer.CallbackTrace;
import java.util.ArrayList;
import java.util.List;

/// Records the ids of the events that a store adds for a callback. Not thread-safe.
final class RecordedEventIds implements CallbackTrace {
    private final List<String> ids = new ArrayList<>();

    List<String> ids() {
        return List.copyOf(ids);
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void addEvent(String eventId) {
        ids.add(eventId);
    }

    @Override
    public void commitStarted() {
        throw new IllegalStateException("The listener marks the commit.");
    }

    @Override
    public void commitEnded() {
        throw new IllegalStateException("The listener marks the commit.");
    }

    @Override
    public void end(String result, boolean isRefused) {
        throw new IllegalStateException("The listener ends the callback.");
    }
}
