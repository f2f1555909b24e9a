package dev.tidemark.daemon.admin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.admin.stream.StreamedBody.StreamOutput;
import org.junit.jupiter.api.Test;

final class StreamLimiterTest {
    private final StreamLimiter limiter = new StreamLimiter(2);

    private static StreamedBody body() {
        return new StreamedBody() {
            @Override
            public void writeTo(StreamOutput output) {
                throw new AssertionError("not written in this test");
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void admits_no_more_streams_than_the_limit() {
        assertThat(limiter.admit(body())).isPresent();
        assertThat(limiter.admit(body())).isPresent();

        assertThat(limiter.admit(body())).isEmpty();
    }

    @Test
    void a_stream_that_ends_makes_room_for_one_other() {
        var first = limiter.admit(body()).orElseThrow();
        assertThat(limiter.admit(body())).isPresent();
        first.close();
        first.close();

        assertThat(limiter.available()).isEqualTo(1);
        assertThat(limiter.admit(body())).isPresent();
        assertThat(limiter.admit(body())).isEmpty();
    }
}
