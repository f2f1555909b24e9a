/// Clock and schedulers of the simulator, in real time or moved by a test.
@NullMarked
package dev.tidemark.simulator.schedule;

import org.jspecify.annotations.NullMarked;
