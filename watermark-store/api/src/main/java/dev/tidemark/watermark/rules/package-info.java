/// The rules of the store: chain, lifecycle, resync, deliveries. They read state through the interfaces of an
/// engine and answer with changes. [dev.tidemark.watermark.rules.RuleStore] is the way in.
@NullMarked
package dev.tidemark.watermark.rules;

import org.jspecify.annotations.NullMarked;
