/// Callback receiver in the usual Java way: JAX-WS and JAXB on Apache CXF. It stores nothing.
@NullMarked
package dev.tidemark.cxfendpoint;

import org.jspecify.annotations.NullMarked;
