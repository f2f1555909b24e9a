@NullMarked
package dev.tidemark.store.model;

import org.jspecify.annotations.NullMarked;
