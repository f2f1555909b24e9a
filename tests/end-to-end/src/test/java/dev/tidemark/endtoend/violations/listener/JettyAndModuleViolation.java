package dev.tidemark.endtoend.violations.listener;

import dev.tidemark.endtoend.violations.forwarder.HttpClientAndMockViolation;
import org.eclipse.jetty.server.Request;

/// Uses Jetty, as another class of its module does, and knows another step.
interface JettyAndModuleViolation {
    HttpClientAndMockViolation open(Request request);
}
