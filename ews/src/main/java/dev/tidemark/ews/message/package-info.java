/// Messages of Exchange Web Services as records, and the classification of their errors.
@NullMarked
package dev.tidemark.ews.message;

import org.jspecify.annotations.NullMarked;
