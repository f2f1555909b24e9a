package dev.tidemark.opentelemetry;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Describes why the collector did not accept spans. The exceptions of the JDK's client often have no message.
final class ExportFailureDescriber {
    private ExportFailureDescriber() {}

    /// Returns a clause.
    ///
    /// @param failure null if the library names none
    static String describe(@Nullable Throwable failure) {
        var chain = chain(failure);
        for (var each : chain.reversed()) {
            var text = describeKnown(each);
            if (text.isPresent()) {
                return text.get();
            }
        }
        return chain.isEmpty() ? "no response" : chain.getLast().toString();
    }

    private static Optional<String> describeKnown(Throwable failure) {
        return Optional.ofNullable(
                switch (failure) {
                    case HttpExportException http
                    when http.failedWithResponse() && http.getResponse() != null ->
                        "HTTP " + http.getResponse().getStatusCode();
                    case UnresolvedAddressException ignored -> "no name server resolves its host";
                    case ConnectException ignored -> "no connection";
                    case HttpTimeoutException ignored -> "no response in time";
                    case SSLException tls -> "TLS failed: " + tls.getMessage();
                    default -> null;
                });
    }

    private static List<Throwable> chain(@Nullable Throwable failure) {
        var chain = new ArrayList<Throwable>();
        for (var each = failure; each != null && !chain.contains(each); each = each.getCause()) {
            chain.add(each);
        }
        return chain;
    }
}
