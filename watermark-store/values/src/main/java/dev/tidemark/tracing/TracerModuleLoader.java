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
import java.util.ServiceLoader;

/// Loads the module of the tracer from the folder `opentelemetry` beside the jar of this class, once per process.
/// Without that folder, as in tests, the module may be on the class path. Thread-safe.
final class TracerModuleLoader {
    private static final String FOLDER = "opentelemetry";

    private TracerModuleLoader() {}

    static Optional<TracerFactory> factory() {
        return Holder.FACTORY;
    }

    /// Initialized by the first call of [#factory].
    private static final class Holder {
        static final Optional<TracerFactory> FACTORY =
                ServiceLoader.load(TracerFactory.class, classLoader(folder())).findFirst();
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
