/// Canary mailboxes: measured messages that prove that the whole path works.
@NullMarked
package dev.tidemark.daemon.canary;

import org.jspecify.annotations.NullMarked;
