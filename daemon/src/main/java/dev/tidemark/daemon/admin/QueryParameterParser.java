package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.NameSuggester;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Parses numbers and keywords in a query and checks their bounds.
public final class QueryParameterParser {
    static final int MIN_LIMIT = 1;
    public static final int MAX_PAGE_SIZE = 1000;
    static final int DEFAULT_PAGE_SIZE = 100;

    private QueryParameterParser() {}

    /// Returns the page size limit from the request.
    static int page(AdminRequest request) throws BadValueException {
        return number(request, "limit", MIN_LIMIT, MAX_PAGE_SIZE).orElse(DEFAULT_PAGE_SIZE);
    }

    /// Returns a parameter that must be one of the given words.
    static Optional<String> word(AdminRequest request, String name, List<String> allowed) throws BadValueException {
        var text = request.parameter(name);
        if (text.isPresent() && !allowed.contains(text.get())) {
            throw new BadValueException(name + " is none of " + String.join(", ", allowed) + "; the nearest is "
                    + NameSuggester.nearest(text.get(), allowed).orElse(""));
        }
        return text;
    }

    /// Creates the exception for a value that is none of the known ones.
    static BadValueException unknown(String name, String value, Collection<String> known) {
        return new BadValueException(name + " '" + value + "' is not known here"
                + NameSuggester.nearest(value, known)
                        .map(nearest -> "; the nearest is " + nearest)
                        .orElse(", and there is none yet"));
    }

    static Optional<Integer> number(AdminRequest request, String name, int min, int max) throws BadValueException {
        var text = request.parameter(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            // a number of any length, so that the error names the limit
            var value = new BigInteger(text.get());
            if (value.compareTo(BigInteger.valueOf(min)) < 0) {
                throw new BadValueException(name + " is below its lowest value, " + min);
            }
            if (value.compareTo(BigInteger.valueOf(max)) > 0) {
                throw new BadValueException(name + " is above its highest value, " + max);
            }
            return Optional.of(value.intValueExact());
        } catch (NumberFormatException notANumber) {
            throw new BadValueException(name + " is not a whole number; write " + min + " to " + max);
        }
    }
}
