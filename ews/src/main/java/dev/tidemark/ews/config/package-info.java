/// Settings of connections and TLS, and readers of the text, key and certificate files that they name.
@NullMarked
package dev.tidemark.ews.config;

import org.jspecify.annotations.NullMarked;
