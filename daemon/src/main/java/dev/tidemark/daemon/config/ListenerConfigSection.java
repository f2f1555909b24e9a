package dev.tidemark.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The call-back server as configured. `maxBody` is in bytes; token keys are Base64; `workers` 0 leaves their
/// number to the machine.
public record ListenerConfigSection(
        BindAddress bind,
        URI publicUrl,
        Optional<Tls> tls,
        List<String> allowFrom,
        List<String> trustedProxies,
        String healthPath,
        long maxBody,
        int workers,
        int queue,
        Duration drain,
        Optional<String> tokenKey,
        List<String> previousTokenKeys) {
    /// PEM files.
    public record Tls(Path certificate, Path privateKey) {}

    @Override
    public String toString() {
        return "ListenerConfigSection[bind=" + bind + ", publicUrl=" + publicUrl + "]";
    }
}
