package dev.tidemark.values;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadableTextTest {
    @ParameterizedTest
    @CsvSource({
        "'The server refuses the account.', 'The server refuses the account'",
        "'no period', 'no period'",
        "' Wait 1.5 s. ', 'Wait 1.5 s'",
        "'.', ''",
        "'', ''"
    })
    void a_clause_lets_the_sentence_continue(String text, String clause) {
        assertThat(ReadableText.clause(text)).isEqualTo(clause);
    }
}
