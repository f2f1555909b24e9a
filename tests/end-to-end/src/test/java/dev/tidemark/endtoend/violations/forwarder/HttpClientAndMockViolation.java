package dev.tidemark.endtoend.violations.forwarder;

import dev.tidemark.endtoend.violations.mockito.MockLibraryStandIn;
import org.apache.hc.client5.http.HttpRoute;

/// Uses HttpClient although another class of its module does, and a mock.
public interface HttpClientAndMockViolation {
    MockLibraryStandIn ride(HttpRoute route);
}
