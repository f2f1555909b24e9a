/** Call-backs taken the ordinary Java way: JAX-WS and JAXB on Apache CXF, and nothing kept. */
@NullMarked
package dev.tidemark.cxfendpoint;

import org.jspecify.annotations.NullMarked;
