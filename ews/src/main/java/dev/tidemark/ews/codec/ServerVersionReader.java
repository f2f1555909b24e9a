package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EwsNamespaces;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.ServerVersion;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the ServerVersionInfo in the header of a response. Reads nothing beyond the header. Has no state.
public final class ServerVersionReader {
    private ServerVersionReader() {}

    /// Returns the version of the server; empty if the document is no EWS message or has none.
    public static Optional<ServerVersion> read(byte[] body) {
        try (var cursor = XmlCursor.over(body)) {
            return cursor.is(EwsNamespaces.SOAP, "Envelope") ? inEnvelope(cursor) : Optional.empty();
        } catch (MalformedMessageException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<ServerVersion> inEnvelope(XmlCursor cursor) throws MalformedMessageException {
        while (cursor.nextChild()) {
            if (cursor.is(EwsNamespaces.SOAP, "Body")) {
                return Optional.empty();
            }
            if (cursor.is(EwsNamespaces.SOAP, "Header")) {
                return inHeader(cursor);
            }
            cursor.skip();
        }
        return Optional.empty();
    }

    private static Optional<ServerVersion> inHeader(XmlCursor cursor) throws MalformedMessageException {
        while (cursor.nextChild()) {
            if (cursor.is(EwsNamespaces.TYPES, "ServerVersionInfo")) {
                return version(cursor);
            }
            cursor.skip();
        }
        return Optional.empty();
    }

    private static Optional<ServerVersion> version(XmlCursor cursor) {
        var build = Stream.of("MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber")
                .flatMap(name -> cursor.attribute(name).stream())
                .collect(Collectors.joining("."));
        return build.isEmpty() ? Optional.empty() : Optional.of(new ServerVersion(build, cursor.attribute("Version")));
    }
}
