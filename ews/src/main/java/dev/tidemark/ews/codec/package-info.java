/// Codec of Exchange Web Services: reads untrusted XML within limits, and writes requests.
@NullMarked
package dev.tidemark.ews.codec;

import org.jspecify.annotations.NullMarked;
