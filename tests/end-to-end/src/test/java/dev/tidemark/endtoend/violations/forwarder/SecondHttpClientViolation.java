package dev.tidemark.endtoend.violations.forwarder;

import org.apache.hc.client5.http.HttpRoute;

/// Uses HttpClient, as another class of its module does.
interface SecondHttpClientViolation {
    HttpRoute walk();
}
