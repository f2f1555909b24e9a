/// Connections of Jetty without its fault with malformed requests, for each server of the daemon.
@NullMarked
package dev.tidemark.listener.jetty;

import org.jspecify.annotations.NullMarked;
