package dev.tidemark.endtoend.violations.listener;

import org.eclipse.jetty.server.Response;

/// Uses Jetty although another class of its module does.
interface SecondJettyViolation {
    Response look();
}
