package dev.tidemark.statuspage;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Passes the [PageSetting] to tests. One serves all classes, because a browser and a daemon take seconds to start;
/// JUnit closes it at the end.
final class BrowserSetting implements ParameterResolver {
    private static final Namespace SHARED = Namespace.create(BrowserSetting.class);

    /// Closed by JUnit after the last test.
    private record Held(PageSetting setting) implements AutoCloseable {
        @Override
        public void close() {
            setting.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(PageSetting.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(SHARED)
                .getOrComputeIfAbsent(Held.class, type -> start(), Held.class)
                .setting();
    }

    private static Held start() {
        try {
            return new Held(new PageSetting(Files.createTempDirectory("status-page")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
