/// Command line: one class per command, and the client of the admin API that most of them use.
@NullMarked
package dev.tidemark.daemon.command;

import org.jspecify.annotations.NullMarked;
