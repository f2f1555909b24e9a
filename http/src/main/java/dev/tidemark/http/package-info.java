/// Parts that the HTTP clients of Tidemark share, for Exchange and for webhooks.
@NullMarked
package dev.tidemark.http;

import org.jspecify.annotations.NullMarked;
