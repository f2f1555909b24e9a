/// Certificate of the simulator's own server.
@NullMarked
package dev.tidemark.simulator.tls;

import org.jspecify.annotations.NullMarked;
