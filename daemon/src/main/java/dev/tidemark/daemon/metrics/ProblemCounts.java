package dev.tidemark.daemon.metrics;

import java.util.List;
import java.util.function.ToLongFunction;

/// Number of the problems that `tidemark status` lists, by area.
///
/// @param areas all areas
/// @param count returns the number of problems of an area
public record ProblemCounts(List<String> areas, ToLongFunction<String> count) implements MetricSource {
    public ProblemCounts {
        areas = List.copyOf(areas);
    }

    @Override
    public void collect(MetricPage page) {
        for (var area : areas) {
            page.gauge(
                    "problems",
                    "Problems that tidemark status lists, by area.",
                    MetricLabels.of("area", area),
                    count.applyAsLong(area));
        }
    }
}
