/// Events that a sink still has to receive: the window of the journal, deferred lanes and the position.
@NullMarked
package dev.tidemark.forwarder.backlog;

import org.jspecify.annotations.NullMarked;
