/// Events of the journal as server-sent events.
@NullMarked
package dev.tidemark.daemon.admin.stream;

import org.jspecify.annotations.NullMarked;
