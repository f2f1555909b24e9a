package dev.tidemark.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One window with the page. Records requests and errors, which its end checks: no request left the origin, no address
/// held the token, and the console has no error. Not thread-safe; Playwright wants one thread.
final class PageVisit implements AutoCloseable {
    private static final String API = "/api/v1/";

    private final BrowserContext context;
    private final Page page;
    private final URI origin;
    private final String token;
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private boolean isErrorExpected;
    private boolean isClosing;

    PageVisit(Browser browser, PageView view, URI origin, String token) {
        this.origin = origin;
        this.token = token;
        context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(view.width(), view.height())
                .setColorScheme(view.scheme())
                .setTimezoneId("Europe/Berlin")
                .setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(PageSetting.LIMIT_MILLIS);
        page = context.newPage();
        page.onRequest(request -> requests.add(request.url()));
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
    }

    /// Answers calls of the API with these texts, by path behind `/api/v1/`.
    PageVisit staged(Map<String, String> answers) {
        page.route(
                url -> url.contains(API),
                route -> fulfill(
                        route, answer(answers, URI.create(route.request().url()))));
        return this;
    }

    private void fulfill(Route route, String body) {
        try {
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody(body));
        } catch (PlaywrightException e) {
            // the page polls until its window is closed
            if (!isClosing) {
                throw e;
            }
        }
    }

    private static String answer(Map<String, String> answers, URI url) {
        var path = url.getPath().substring(API.length());
        var withQuery = path + "?" + url.getQuery();
        return answers.getOrDefault(withQuery, answers.getOrDefault(path, "{}"));
    }

    /// Stops the clock of the page at this time; timers go on.
    PageVisit at(long epochMillis) {
        page.clock().setFixedTime(epochMillis);
        return this;
    }

    /// Opens a page of the application with the token of the first start, as the line `tidemark ready` names it.
    PageVisit open(String fragment) {
        page.navigate(origin.resolve("/#token=" + token).toString());
        page.waitForFunction("location.hash === ''");
        if (!fragment.isEmpty()) {
            go(fragment);
        }
        return this;
    }

    PageVisit openWithoutToken() {
        page.navigate(origin.resolve("/").toString());
        return this;
    }

    void go(String fragment) {
        page.evaluate("fragment => { location.hash = fragment }", fragment);
    }

    Page page() {
        return page;
    }

    Locator text(String part) {
        return page.getByText(part).first();
    }

    Locator text(Pattern part) {
        return page.getByText(part).first();
    }

    Locator button(String name) {
        return page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .first();
    }

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator inDialog(String button) {
        return page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(button));
    }

    Locator heading() {
        return page.locator("h1").first();
    }

    void goOffline(boolean offline) {
        context.setOffline(offline);
    }

    /// Accepts that the browser reports failed requests of this visit.
    PageVisit expectingFailedRequests() {
        isErrorExpected = true;
        return this;
    }

    /// Checks that the browser refused inline code, and forgets its messages about it.
    void expectBlockedCode() {
        assertThat(errors).allMatch(each -> each.contains("Content Security Policy") || each.contains("TrustedScript"));
        errors.clear();
    }

    void screenshot(Path file) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }

    void assertAccessible(String what) {
        var found = new AxeBuilder(page).setLegacyMode(true).analyze().getViolations();
        assertThat(found.stream()
                        .map(rule -> rule.getId() + ": "
                                + rule.getNodes().stream()
                                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                        .collect(Collectors.joining("; ")))
                        .toList())
                .as(what)
                .isEmpty();
    }

    /// Checks that the page needs no horizontal scrolling.
    void assertFits(String what) {
        assertThat(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as(what + " is too wide")
                .isEqualTo(0);
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        var outside = requests.stream()
                .filter(url -> !url.startsWith(origin + "/") && !url.startsWith("about:"))
                .toList();
        // the address that the operator opens holds the token behind #, which the browser sends to no server
        var leaked = requests.stream()
                .filter(url -> url.replaceFirst("#.*", "").contains(token))
                .toList();
        isClosing = true;
        // ends the polling of the page, whose answers would fail while the window closes
        page.navigate("about:blank");
        context.close();
        assertThat(outside).as("requests to other origins").isEmpty();
        assertThat(leaked).as("addresses with the token").isEmpty();
        assertThat(errors.stream()
                        .filter(each -> !isErrorExpected || !each.startsWith("Failed to load resource"))
                        .toList())
                .as("errors in the console")
                .isEmpty();
    }
}
