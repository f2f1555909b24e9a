package dev.tidemark.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.MailboxAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxSampleTest {
    private static List<MailboxAddress> mailboxes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new MailboxAddress("m" + i + "@example.com"))
                .toList();
    }

    @Test
    void a_group_without_mailboxes_has_no_sample() {
        assertThat(MailboxSample.of(List.of()).first()).isEmpty();
        assertThat(MailboxSample.of(List.of()).others()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 9, 20_000})
    void a_sample_is_small_distinct_and_spread(int count) {
        var all = mailboxes(count);
        var sample = MailboxSample.of(all);

        assertThat(sample.first()).contains(all.getFirst());
        assertThat(sample.others())
                .hasSizeLessThanOrEqualTo(8)
                .hasSizeGreaterThanOrEqualTo(Math.min(7, count - 1))
                .doesNotHaveDuplicates()
                .doesNotContain(all.getFirst());
    }
}
