package dev.tidemark.simulator.description;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Files that describe the simulator's operations: a WSDL and two schemas, written for it. Exchange has them at the
/// same paths. Immutable.
public final class ServiceDescription {
    private static final Map<String, String> FILES = Map.of(
            "/ews/services.wsdl", "Services.wsdl",
            "/ews/messages.xsd", "messages.xsd",
            "/ews/types.xsd", "types.xsd");

    private ServiceDescription() {}

    /// Returns the file at a path of any case. The WSDL names the URL of the service.
    public static Optional<String> at(String path, URI service) {
        return Optional.ofNullable(FILES.get(path.toLowerCase(Locale.ROOT)))
                .map(name -> read(name).replace("LOCATION", service.toString()));
    }

    private static String read(String name) {
        try (var in = Objects.requireNonNull(ServiceDescription.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
