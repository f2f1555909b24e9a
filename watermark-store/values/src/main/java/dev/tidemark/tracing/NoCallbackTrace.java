package dev.tidemark.tracing;

import dev.tidemark.tracing.EventTracer.CallbackTrace;

/// Callback that is not recorded. Stateless.
final class NoCallbackTrace implements CallbackTrace {
    @Override
    public boolean isOn() {
        return false;
    }

    @Override
    public void commitStarted() {
        // records nothing
    }

    @Override
    public void commitEnded() {
        // records nothing
    }

    @Override
    public void addEvent(String eventId) {
        // records nothing
    }

    @Override
    public void end(String result, boolean isRefused) {
        // records nothing
    }
}
