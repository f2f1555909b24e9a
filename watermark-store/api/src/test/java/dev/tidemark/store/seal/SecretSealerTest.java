package dev.tidemark.store.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.StoreException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretSealerTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String OTHER = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";
    private static final String SECRET = "dGhlIHRva2VuIGtleSBvZiBhIHN0b3JlLCAzMiBieXRl";

    private final SecretSealer sealer = SecretSealer.of(List.of(KEY));

    @Test
    void without_a_key_a_secret_stays_as_it_is() {
        var none = SecretSealer.of(List.of());
        assertThat(none.seal(SECRET)).isEqualTo(SECRET);
        assertThat(none.open(SECRET)).isEqualTo(SECRET);
    }

    @Test
    void a_sealed_secret_opens_and_is_never_sealed_alike() {
        var first = sealer.seal(SECRET);
        var second = sealer.seal(SECRET);
        assertThat(first).startsWith("sealed:1:").doesNotContain(SECRET).isNotEqualTo(second);
        assertThat(first).hasSizeLessThan(255);
        assertThat(sealer.open(first)).isEqualTo(SECRET);
        assertThat(sealer.open(second)).isEqualTo(SECRET);
    }

    /// Pins the format. Stores outlive a release, so what was sealed once must open.
    @Test
    void a_seal_of_this_version_opens_for_ever() {
        var byAnotherProgram = "sealed:1:AAECAwQFBgcICQoLSaLTEJBQgNrJ7ifLOIilaINbQfFm1TbjaZT1hNoW5ujx6HdkBNxVefR96TAW"
                + "OlaKRNrJkXQD+Hi73gIz";
        assertThat(sealer.open(byAnotherProgram)).isEqualTo(SECRET);
    }

    @Test
    void no_bit_of_a_sealed_secret_can_change() {
        var sealed = Base64.getDecoder().decode(sealer.seal(SECRET).substring("sealed:1:".length()));
        for (var bit = 0; bit < 8 * sealed.length; bit++) {
            var changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            var text = "sealed:1:" + Base64.getEncoder().encodeToString(changed);
            assertThatThrownBy(() -> sealer.open(text)).isInstanceOf(StoreException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sealed:1:", "sealed:1:AAAA", "sealed:1:not Base64", "sealed:1:====", "sealed:1:ä"})
    void a_damaged_text_is_refused_in_one_sentence(String damaged) {
        assertThatThrownBy(() -> sealer.open(damaged))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("No key in store.seal-key opens");
    }

    @Test
    void a_later_version_is_named() {
        assertThatThrownBy(() -> sealer.open("sealed:2:AAAA"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("later version");
    }

    @Test
    void the_newest_key_seals_and_each_opens() {
        var old = sealer.seal(SECRET);
        var rotated = SecretSealer.of(List.of(OTHER, KEY));
        assertThat(rotated.open(old)).isEqualTo(SECRET);
        var fresh = rotated.seal(SECRET);
        assertThat(SecretSealer.of(List.of(OTHER)).open(fresh)).isEqualTo(SECRET);
        assertThatThrownBy(() -> sealer.open(fresh)).isInstanceOf(StoreException.class);
    }
}
