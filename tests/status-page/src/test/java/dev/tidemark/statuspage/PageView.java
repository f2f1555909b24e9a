package dev.tidemark.statuspage;

import com.microsoft.playwright.options.ColorScheme;

/// Width and color scheme of a window.
enum PageView {
    LIGHT(1400, 900, ColorScheme.LIGHT),
    DARK(1400, 900, ColorScheme.DARK),
    PHONE(390, 844, ColorScheme.LIGHT),
    DARK_PHONE(390, 844, ColorScheme.DARK);

    private final int width;
    private final int height;
    private final ColorScheme scheme;

    PageView(int width, int height, ColorScheme scheme) {
        this.width = width;
        this.height = height;
        this.scheme = scheme;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    ColorScheme scheme() {
        return scheme;
    }
}
