@NullMarked
package dev.tidemark.daemon.admin;

import org.jspecify.annotations.NullMarked;
