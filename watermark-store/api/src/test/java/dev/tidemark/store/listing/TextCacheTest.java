package dev.tidemark.store.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class TextCacheTest {
    private final TextCache<Object> cache = new TextCache<>();

    @Test
    @Timeout(60)
    void a_change_while_the_value_is_derived_leaves_no_text_in_memory() {
        var outdated = new WeakReference<>(deriveDuringChange());
        while (outdated.get() != null) {
            System.gc();
        }
        assertThat(cache.get(() -> "new")).isEqualTo("new");
    }

    private Object deriveDuringChange() {
        return cache.get(() -> {
            var texts = new Object();
            cache.invalidate();
            return texts;
        });
    }

    @Test
    void a_value_is_derived_again_only_after_a_change() {
        var derived = new AtomicInteger();
        assertThat(cache.get(derived::incrementAndGet)).isEqualTo(1);
        assertThat(cache.get(derived::incrementAndGet)).isEqualTo(1);
        cache.invalidate();
        assertThat(cache.get(derived::incrementAndGet)).isEqualTo(2);
    }
}
