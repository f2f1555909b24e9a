package dev.tidemark.endtoend.violations.forwarder;

import org.apache.hc.client5.http.HttpRoute;

/// Uses HttpClient although another class of its module does.
interface SecondHttpClientViolation {
    HttpRoute walk();
}
