package dev.tidemark.daemon.check;

import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackProbe;
import java.util.ArrayList;
import java.util.List;

/// Probes that one check opens at a listener. [LiveCheck] closes all that are left, also after a failure. Not
/// thread-safe; used by the thread of the check.
final class OpenedProbes implements AutoCloseable {
    private final CallbackListener listener;
    private final List<CallbackProbe> probes = new ArrayList<>();

    /// @param listener receives the callbacks; stays open
    OpenedProbes(CallbackListener listener) {
        this.listener = listener;
    }

    CallbackListener listener() {
        return listener;
    }

    CallbackProbe open() {
        var probe = listener.openProbe();
        probes.add(probe);
        return probe;
    }

    @Override
    public void close() {
        probes.forEach(CallbackProbe::close);
    }
}
