package dev.tidemark.endtoend.violations.listener;

import dev.tidemark.endtoend.violations.forwarder.HttpClientAndMockViolation;
import org.eclipse.jetty.server.Request;

/// Uses Jetty although another class of its module does, and depends on another step.
interface JettyAndModuleViolation {
    HttpClientAndMockViolation open(Request request);
}
