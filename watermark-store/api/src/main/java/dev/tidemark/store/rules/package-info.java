/// The rules of the store: chain, lifecycle, resync, deliveries. They read state through the interfaces of an
/// engine and answer with changes. [dev.tidemark.store.rules.RuleStore] is the way in.
@NullMarked
package dev.tidemark.store.rules;

import org.jspecify.annotations.NullMarked;
