/// Rules of the store: chain, lifecycle, resync, deliveries. They read state through the interfaces of an engine
/// and return changes. [dev.tidemark.store.rules.RuleStore] is the entry point.
@NullMarked
package dev.tidemark.store.rules;

import org.jspecify.annotations.NullMarked;
