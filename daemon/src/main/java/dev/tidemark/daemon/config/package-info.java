@NullMarked
package dev.tidemark.daemon.config;

import org.jspecify.annotations.NullMarked;
