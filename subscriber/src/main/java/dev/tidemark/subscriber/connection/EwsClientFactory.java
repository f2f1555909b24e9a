package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.EwsClient;
import java.net.URI;

/// Creates the EWS client of one server address. [AutodiscoverEwsClient] calls it once per address, on the thread
/// that sends the first request there, and closes the client. Implementations must be thread-safe.
@FunctionalInterface
public interface EwsClientFactory {
    EwsClient create(URI url);
}
