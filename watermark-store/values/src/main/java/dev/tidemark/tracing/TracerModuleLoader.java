package dev.tidemark.tracing;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/// Loads the module of the tracer from the folder `opentelemetry` beside the jar of this class, once per process.
/// Without that folder, as in tests, the module may be on the class path. Thread-safe.
final class TracerModuleLoader {
    private static final String FOLDER = "opentelemetry";

    private static Optional<TracerFactory> loaded = Optional.empty();

    private TracerModuleLoader() {}

    /// Returns the factory of the module; empty if it is not installed. A failure is not kept, so that a mended folder
    /// needs no restart.
    ///
    /// @throws IllegalStateException if the module cannot be loaded
    static synchronized Optional<TracerFactory> factory() {
        if (loaded.isEmpty()) {
            loaded = load();
        }
        return loaded;
    }

    private static Optional<TracerFactory> load() {
        try {
            return ServiceLoader.load(TracerFactory.class, classLoader(folder()))
                    .findFirst();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalStateException("The module in lib/opentelemetry cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static ClassLoader classLoader(Optional<Path> folder) {
        var parent = TracerModuleLoader.class.getClassLoader();
        var jars = folder.map(TracerModuleLoader::jars).orElse(List.of());
        return jars.isEmpty() ? parent : new URLClassLoader(FOLDER, jars.toArray(URL[]::new), parent);
    }

    private static Optional<Path> folder() {
        return Optional.ofNullable(
                        TracerModuleLoader.class.getProtectionDomain().getCodeSource())
                .map(CodeSource::getLocation)
                .map(TracerModuleLoader::path)
                .map(jar -> jar.resolveSibling(FOLDER))
                .filter(Files::isDirectory);
    }

    private static Path path(URL location) {
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The location of this class is not a file: " + location, e);
        }
    }

    private static List<URL> jars(Path folder) {
        var jars = new ArrayList<URL>();
        try (var files = Files.newDirectoryStream(folder, "*.jar")) {
            for (var file : files) {
                jars.add(file.toUri().toURL());
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("Failed to read " + folder + ": " + e.getMessage(), e);
        }
        return jars;
    }
}
