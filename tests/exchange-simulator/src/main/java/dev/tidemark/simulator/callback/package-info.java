/// Transport of callbacks to listeners, and its threads.
@NullMarked
package dev.tidemark.simulator.callback;

import org.jspecify.annotations.NullMarked;
