/// Reading and writing of SOAP documents, separate from the codec of the product.
@NullMarked
package dev.tidemark.simulator.assertion;

import org.jspecify.annotations.NullMarked;
