package dev.tidemark.endtoend.violations.listener;

import org.eclipse.jetty.server.Response;

/// Uses Jetty, as another class of its module does.
interface SecondJettyViolation {
    Response look();
}
