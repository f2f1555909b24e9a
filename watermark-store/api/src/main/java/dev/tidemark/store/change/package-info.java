/// Changes to a store as data, and the form in which they are stored. The form is common to every engine, to
/// backups and to migrations. Knows the ports' values only.
@NullMarked
package dev.tidemark.store.change;

import org.jspecify.annotations.NullMarked;
