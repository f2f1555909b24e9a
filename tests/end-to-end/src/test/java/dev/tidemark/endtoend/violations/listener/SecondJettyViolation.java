package dev.tidemark.endtoend.violations.listener;

import org.eclipse.jetty.server.HttpConnectionFactory;

/// Uses Jetty although another class of its module does, and lets several threads read a connection.
interface SecondJettyViolation {
    HttpConnectionFactory look();
}
