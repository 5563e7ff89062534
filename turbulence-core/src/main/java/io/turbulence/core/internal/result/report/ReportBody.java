package io.turbulence.core.internal.result.report;

import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.TimelinePoint;
import io.turbulence.core.internal.result.json.JsonView;
import io.turbulence.core.internal.result.text.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// The visible part of a report: verdict and thresholds first, then curves, steps, services and pools,
/// failures, and what was run.
final class ReportBody {

    private static final int MOST_ROWS = 500;
    private static final double INSTANT_MS = 0.1;
    private static final JsonView NONE = new JsonView(null);

    private final ReportData data;
    private final Html html;
    private final JsonView summary;
    private final JsonView manifest;

    ReportBody(ReportData data, Html html) {
        this.data = data;
        this.html = html;
        this.summary = data.summary();
        this.manifest = data.manifest();
    }

    void write() {
        header();
        html.raw("<main id=\"main\">\n");
        notes();
        tiles();
        thresholds();
        curves();
        summary.get("steps").map().forEach(this::steps);
        percentiles();
        services();
        phases();
        pools();
        messages();
        new ReportFailures(data, html).write();
        runData();
        html.raw("</main>\n");
    }

    private void header() {
        boolean good = summary.get("exit_code").count() == 0;
        String valid = summary.get("valid").text();
        html.raw("<a class=\"skip\" href=\"#main\">To the results</a>\n"
                        + "<header class=\"top\"><div class=\"bar title\"><div><h1>")
                .text(data.title())
                .raw("</h1><p class=\"sub\">")
                .text("run " + summary.get("run_id").text() + " · "
                        + shown(summary.get("started_at").text()) + " · "
                        + Style.time(summary.get("duration_ms").number() / 1000) + profile())
                .raw("</p></div>\n");
        html.raw("<span class=\"pill " + (good ? "good" : "bad") + "\">")
                .text((good ? "✓ passed" : "✗ " + failedBecause()))
                .raw("</span>\n");
        if (!valid.isEmpty()) {
            html.raw("<span class=\"pill " + (isInvalid() ? "bad" : valid.equals("valid") ? "good" : "warn") + "\">")
                    .text((isInvalid() ? "✗" : valid.equals("valid") ? "✓" : "⚠") + " figures " + valid)
                    .raw("</span>\n");
        }
        html.raw("<button type=\"button\" class=\"theme\" id=\"theme\">Dark</button></div></header>\n");
    }

    private boolean isInvalid() {
        return summary.get("valid").text().equals("invalid");
    }

    private String profile() {
        String profile = manifest.get("profile").text();
        return profile.isEmpty() ? "" : " · profile " + profile;
    }

    private String failedBecause() {
        return switch ((int) summary.get("exit_code").count()) {
            case 1 -> "instances failed";
            case 2 -> summary.get("message").isNull() ? "a threshold does not hold" : "stopped by a threshold";
            case 4 -> "not valid";
            case 130 -> "interrupted";
            default -> "exit code " + summary.get("exit_code").count();
        };
    }

    private static String shown(String instant) {
        return instant.length() < 19 ? instant : instant.substring(0, 10) + " " + instant.substring(11, 19) + " UTC";
    }

    private void notes() {
        String message = summary.get("message").text();
        if (!message.isEmpty()) {
            html.raw("<p class=\"note bad\">").text(message).raw("</p>\n");
        }
        if (summary.get("interrupted").isTrue()) {
            html.raw("<p class=\"note\">The run was interrupted; what ran until then is counted.</p>\n");
        }
        List<JsonView> reasons = summary.get("validity_reasons").list();
        if (!reasons.isEmpty()) {
            html.raw("<div class=\"note" + (isInvalid() ? " bad" : "") + "\"><strong>")
                    .text("This run is " + summary.get("valid").text()
                            + (isInvalid() ? "; do not rely on its figures." : "; read its figures with care."))
                    .raw("</strong><ul>");
            reasons.forEach(reason -> html.element("li", reason.text()));
            html.raw("</ul></div>\n");
        }
    }

    private void tiles() {
        JsonView instances = summary.get("instances");
        JsonView latency = summary.get("latency_ms");
        html.raw("<div class=\"tiles\">\n");
        tile(
                "passed",
                Style.count(instances.get("passed").count()),
                "of " + Style.count(instances.get("total").count()));
        tile("failed", Style.count(instances.get("failed").count()), aborted(instances));
        tile("pass rate", Style.percent(summary.get("pass_rate").number()), "");
        tile("instances per second", Style.rate(summary.get("rate_per_s").number()), dropped());
        for (String point : List.of("p50", "p95", "p99")) {
            tile(
                    "latency " + point,
                    latency.get(point).isNull()
                            ? "–"
                            : Style.millis(latency.get(point).number()),
                    "ms");
        }
        html.raw("</div>\n");
    }

    private static String aborted(JsonView instances) {
        long aborted = instances.get("aborted").count();
        return aborted == 0 ? "" : "and " + Style.count(aborted) + " aborted";
    }

    private String dropped() {
        long dropped = summary.get("dropped_arrivals").count();
        return dropped == 0 ? "" : Style.count(dropped) + " dropped";
    }

    private void tile(String name, String figure, String unit) {
        html.raw("<div class=\"tile\"><div class=\"name\">")
                .text(name)
                .raw("</div><div class=\"figure\">")
                .text(figure);
        if (!unit.isEmpty()) {
            html.raw(" <small>").text(unit).raw("</small>");
        }
        html.raw("</div></div>\n");
    }

    private void thresholds() {
        List<JsonView> thresholds = summary.get("thresholds").list();
        if (thresholds.isEmpty()) {
            return;
        }
        html.raw("<section aria-labelledby=\"h-thresholds\"><h2 id=\"h-thresholds\">Thresholds</h2>\n")
                .raw("<div class=\"scroll\"><table><thead><tr><th class=\"text\">Condition</th>")
                .raw("<th class=\"text\">Result</th><th>Actual</th></tr></thead><tbody>\n");
        for (JsonView threshold : thresholds) {
            boolean holds = threshold.get("holds").isTrue();
            String expression = threshold.get("expression").text();
            html.raw("<tr><th scope=\"row\" class=\"text long\"><code>")
                    .text((threshold.get("fail_on").isTrue() ? "not " : "") + expression)
                    .raw("</code></th><td class=\"text " + (holds ? "good" : "bad") + "\">")
                    .text(holds ? "✓ holds" : "✗ does not hold")
                    .raw("</td><td>")
                    .text(actual(expression, threshold.get("actual")))
                    .raw("</td></tr>\n");
        }
        html.raw("</tbody></table></div></section>\n");
    }

    private static String actual(String expression, JsonView actual) {
        if (actual.isNull()) {
            return "nothing measured";
        }
        if (expression.contains("_rate ")
                || expression.contains("_rate<")
                || expression.contains("_rate>")
                || expression.contains("_rate=")) {
            return Style.percent(actual.number());
        }
        return expression.contains("_ms") ? Style.millis(actual.number()) + " ms" : plain(actual.number());
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Style.count((long) value) : String.format(Locale.ROOT, "%,.2f", value);
    }

    private void curves() {
        if (data.timeline().isEmpty()) {
            return;
        }
        html.raw("<section aria-labelledby=\"h-curves\"><h2 id=\"h-curves\">While it ran</h2>\n")
                .raw("<div class=\"tools\"><span>Drag over a chart to look closer, or use + − 0 ← → on it.</span>")
                .raw("<button type=\"button\" id=\"in\">Closer</button><button type=\"button\""
                        + " id=\"out\">Wider</button>")
                .raw("<button type=\"button\" id=\"left\" aria-label=\"Earlier\">◀</button>")
                .raw("<button type=\"button\" id=\"right\" aria-label=\"Later\">▶</button>")
                .raw("<button type=\"button\" id=\"reset\" disabled>All</button></div>\n<div class=\"charts\">\n");
        chart("c-rate", "Rate", "instances finished per second; running at once", rateText());
        chart("c-latency", "Latency of actions", "ms", latencyText());
        chart("c-errors", "Failures", "per second", failureText());
        if (!data.totals().isEmpty()) {
            chart(
                    "c-steps",
                    "p95 by step",
                    "ms; the slowest first",
                    "Lines of the 95th percentile of each step over time.");
        }
        List<String> services = ReportCurves.services(data);
        for (int i = 0; i < services.size(); i++) {
            chart(
                    "c-pool-" + i,
                    "Connections of " + services.get(i),
                    "",
                    "Connections in use, idle, and who waits, over time.");
        }
        html.raw("</div>\n");
        seconds();
        html.raw("</section>\n");
    }

    private String rateText() {
        return "Line of instances finished per second; "
                + Style.rate(summary.get("rate_per_s").number()) + " per second over the whole run.";
    }

    private String latencyText() {
        JsonView latency = summary.get("latency_ms");
        return "Lines of the latency percentiles of actions; over the whole run p50 "
                + Style.millis(latency.get("p50").number()) + " ms, p99 "
                + Style.millis(latency.get("p99").number()) + " ms.";
    }

    private String failureText() {
        return "Line of failed instances per second; "
                + Style.count(summary.get("instances").get("failed").count()) + " in all.";
    }

    private void chart(String id, String title, String unit, String description) {
        html.raw("<figure><figcaption>").text(title);
        if (!unit.isEmpty()) {
            html.raw(" <span class=\"unit\">").text(unit).raw("</span>");
        }
        html.raw("</figcaption><div class=\"chart\"><canvas id=\"" + id
                        + "\" role=\"img\" tabindex=\"0\" aria-label=\"")
                .text(description)
                .raw("\"></canvas></div></figure>\n");
    }

    /// The curves as figures, for who cannot see them.
    private void seconds() {
        List<TimelinePoint> points = data.timeline();
        int every = Math.max(1, points.size() / 60);
        html.raw("<details><summary>The curves as a table</summary><div"
                        + " class=\"scroll\"><table><thead><tr><th>Time</th>")
                .raw("<th>per second</th><th>failed per second</th><th>running</th><th>p50 ms</th><th>p95 ms</th>")
                .raw("<th>p99 ms</th></tr></thead><tbody>\n");
        for (int i = 0; i < points.size(); i += every) {
            TimelinePoint point = points.get(i);
            html.raw("<tr><th scope=\"row\">").text(Style.time(point.seconds())).raw("</th>");
            cell(Style.rate(point.rate()), point.rate());
            cell(Style.rate(point.failedPerSecond()), point.failedPerSecond());
            cell(Style.count((long) point.running()), point.running());
            for (Double figure : new Double[] {point.p50(), point.p95(), point.p99()}) {
                cell(figure == null ? "–" : Style.millis(figure), figure == null ? 0 : figure);
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div></details>\n");
    }

    private void steps(String scenario, JsonView steps) {
        Map<String, JsonView> executed = new LinkedHashMap<>();
        steps.map().forEach((name, step) -> {
            if (step.get("count").count() + step.get("skipped").count() > 0 && executed.size() < MOST_ROWS) {
                executed.put(name, step);
            }
        });
        if (executed.isEmpty()) {
            return;
        }
        JsonView ended = summary.get("scenarios").get(scenario);
        html.raw("<section><h2>")
                .text("Steps of " + scenario)
                .raw("</h2>\n<p class=\"sub\">")
                .text(instanceText(ended))
                .raw("</p>\n<div class=\"scroll\"><table class=\"sortable\"><thead><tr><th class=\"text\">Step</th>")
                .raw("<th class=\"text\">Type</th><th"
                        + " class=\"text\">Service</th><th>Count</th><th>Failed</th><th>Skipped</th>")
                .raw("<th>mean ms</th><th>p50</th><th>p90</th><th>p95</th><th>p99</th><th>p99.9</th><th>max</th>")
                .raw("<th>p99 scheduled</th><th>p99 pool wait</th></tr></thead><tbody>\n");
        executed.forEach(this::stepRow);
        html.raw("</tbody></table></div>\n");
        waterfall(executed);
        html.raw("</section>\n");
    }

    private static String instanceText(JsonView scenario) {
        JsonView instances = scenario.get("instances");
        JsonView duration = scenario.get("duration_ms");
        String passed = instances.isNull()
                ? ""
                : Style.count(instances.get("passed").count()) + " of "
                        + Style.count(instances.get("total").count()) + " instances passed; ";
        if (duration.get("p50").isNull()) {
            return passed + "how long one takes is not known." + droppedText(scenario);
        }
        return passed + "one takes "
                + Style.millis(duration.get("p50").number()) + " ms (p50), "
                + Style.millis(duration.get("p95").number()) + " ms (p95), "
                + Style.millis(duration.get("max").number()) + " ms at most." + droppedText(scenario);
    }

    private static String droppedText(JsonView scenario) {
        long dropped = scenario.get("dropped_arrivals").count();
        return dropped == 0
                ? ""
                : " " + Style.count(dropped) + (dropped == 1 ? " arrival was" : " arrivals were") + " dropped.";
    }

    private void stepRow(String name, JsonView step) {
        JsonView latency = step.get("latency_ms");
        long failed = step.get("failed").count();
        html.raw("<tr><th scope=\"row\" class=\"text in" + Math.min(3, depth(step)) + "\">")
                .text(name)
                .raw("</th><td class=\"text\">")
                .text(step.get("type").text())
                .raw("</td><td class=\"text\">")
                .text(step.get("service").text())
                .raw("</td>");
        count(step.get("count").count());
        html.raw("<td data-sort=\"" + failed + "\"" + (failed > 0 ? " class=\"bad\"" : "") + ">")
                .text(Style.count(failed))
                .raw("</td>");
        count(step.get("skipped"));
        boolean instant = isInstant(step);
        for (String point : List.of("mean", "p50", "p90", "p95", "p99", "p999", "max")) {
            millis(instant ? NONE : latency.get(point));
        }
        millis(instant ? NONE : step.get("scheduled_latency_ms").get("p99"));
        millis(instant ? NONE : step.get("pool_wait_ms").get("p99"));
        html.raw("</tr>\n");
    }

    /// A step of our own that took no time worth telling.
    private static boolean isInstant(JsonView step) {
        String kind = step.get("kind").text();
        return (kind.equals("local") || kind.equals("container"))
                && step.get("latency_ms").get("max").number() < INSTANT_MS;
    }

    private static int depth(JsonView step) {
        return (int) Math.max(
                0, step.get("place").text().chars().filter(c -> c == '[').count() - 1);
    }

    private void millis(JsonView figure) {
        cell(figure.isNull() ? "–" : Style.millis(figure.number()), figure.number());
    }

    private void count(long count) {
        cell(Style.count(count), (double) count);
    }

    /// A dash where it is not known.
    private void count(JsonView figure) {
        cell(figure.isNull() ? "–" : Style.count(figure.count()), figure.number());
    }

    private void share(JsonView figure) {
        cell(figure.isNull() ? "–" : Style.percent(figure.number()), figure.number());
    }

    private void cell(String text, double sort) {
        html.raw("<td data-sort=\"" + sort + "\">").text(text).raw("</td>");
    }

    /// Where a typical instance spends its time, hop by hop: medians one after the other.
    private void waterfall(Map<String, JsonView> steps) {
        List<Hop> hops = hops(steps);
        double total = hops.stream().mapToDouble(Hop::share).sum();
        if (hops.size() < 2 || total <= 0) {
            return;
        }
        html.raw("<h3>A typical instance, hop by hop</h3>\n"
                        + "<p class=\"sub\"><span class=\"key wait\"></span>waiting for a connection")
                .raw(" &nbsp; <span class=\"key\"></span>service time &nbsp; (means, weighted by how often a step"
                        + " runs)</p>\n")
                .raw("<div class=\"fall\" role=\"list\">\n");
        double at = 0;
        for (Hop hop : hops) {
            double wait = hop.waiting() * hop.weight();
            double service = hop.service() * hop.weight();
            html.raw("<div class=\"name\" role=\"listitem\">")
                    .text(hop.name())
                    .raw("</div><div class=\"lane\" aria-hidden=\"true\">");
            if (wait / total > 0.001) {
                segment("wait", at / total, wait / total);
            }
            segment("", (at + wait) / total, service / total);
            html.raw("</div><div class=\"ms\">")
                    .text(Style.millis(hop.share()) + " ms")
                    .raw("</div>\n");
            at += hop.share();
        }
        html.raw("</div>\n");
    }

    private void segment(String kind, double from, double width) {
        html.raw(String.format(
                Locale.ROOT,
                "<i%s style=\"left:%.2f%%;width:%.2f%%\"></i>",
                kind.isEmpty() ? "" : " class=\"" + kind + "\"",
                from * 100,
                width * 100));
    }

    /// A step's part of an instance's time.
    ///
    /// @param weight how often an instance runs it
    private record Hop(String name, double waiting, double service, double weight) {

        double share() {
            return (waiting + service) * weight;
        }
    }

    private static List<Hop> hops(Map<String, JsonView> steps) {
        double most = 1;
        for (JsonView step : steps.values()) {
            most = Math.max(
                    most, step.get("count").number() + step.get("skipped").number());
        }
        List<Hop> hops = new ArrayList<>();
        for (Map.Entry<String, JsonView> step : steps.entrySet()) {
            String kind = step.getValue().get("kind").text();
            double service = step.getValue().get("latency_ms").get("mean").number();
            boolean counts =
                    !kind.equals("container") && !isInstant(step.getValue()) && service > 0 && hops.size() < 40;
            if (counts) {
                hops.add(new Hop(
                        step.getKey(),
                        step.getValue().get("pool_wait_ms").get("mean").number(),
                        service,
                        step.getValue().get("count").number() / most));
            }
        }
        return hops;
    }

    private void percentiles() {
        if (data.totals().isEmpty()) {
            return;
        }
        html.raw("<section aria-labelledby=\"h-percentiles\"><h2 id=\"h-percentiles\">Latency by percentile</h2>\n")
                .raw("<p class=\"sub\">How slow the slowest are: each step to the right. Click a name to show or"
                        + " hide it.</p>\n")
                .raw("<div class=\"chart tall\"><canvas id=\"c-percentiles\" role=\"img\" aria-label=\"")
                .text("Lines of the latency of each step by percentile; the figures are in the tables of the steps.")
                .raw("\"></canvas></div></section>\n");
    }

    private void services() {
        Map<String, Service> services = new LinkedHashMap<>();
        summary.get("steps")
                .map()
                .forEach((scenario, steps) -> steps.map().forEach((name, step) -> {
                    String service = step.get("service").text();
                    if (!service.isEmpty() && step.get("count").count() > 0) {
                        services.computeIfAbsent(service, ignored -> new Service())
                                .add(step, histogram(scenario, name));
                    }
                }));
        if (services.isEmpty()) {
            return;
        }
        html.raw("<section><h2>Services</h2>\n"
                        + "<div class=\"scroll\"><table class=\"sortable\"><thead><tr><th"
                        + " class=\"text\">Service</th>")
                .raw("<th class=\"text\">Protocol</th><th>Steps</th><th>Calls</th><th>Failed</th><th>p50"
                        + " ms</th><th>p95 ms</th>")
                .raw("<th>p99 ms</th><th>max ms</th></tr></thead><tbody>\n");
        services.forEach((name, service) -> {
            html.raw("<tr><th scope=\"row\" class=\"text\">")
                    .text(name)
                    .raw("</th><td class=\"text\">")
                    .text(manifest.get("services").get(name).text())
                    .raw("</td>");
            count(service.steps);
            count(service.count);
            count(service.failed);
            for (double percentile : new double[] {50, 95, 99, 100}) {
                double millis = Statistics.millis(service.latency.getValueAtPercentile(percentile));
                cell(service.latency.getTotalCount() == 0 ? "–" : Style.millis(millis), millis);
            }
            html.raw("</tr>\n");
        });
        html.raw("</tbody></table></div></section>\n");
    }

    private static final class Service {

        private int steps;
        private long count;
        private long failed;
        private final Histogram latency = new Histogram(3);

        void add(JsonView step, Histogram histogram) {
            steps++;
            count += step.get("count").count();
            failed += step.get("failed").count();
            latency.add(histogram);
        }
    }

    private Histogram histogram(String scenario, String step) {
        Histogram histogram = data.totals().get(scenario + "/" + step + ":latency");
        return histogram == null ? new Histogram(3) : histogram;
    }

    /// What became of the messages of subscriptions, and how long they took.
    private void messages() {
        Map<String, JsonView> services = summary.get("subscriptions").map();
        if (services.isEmpty()) {
            return;
        }
        html.raw("<section><h2>Messages</h2>\n<div class=\"scroll\"><table><thead><tr><th class=\"text\">Channel</th>")
                .raw("<th>Came</th><th>Taken</th><th>Unmatched</th><th>Duplicate</th><th>Late</th><th>Overflowed</th>")
                .raw("</tr></thead><tbody>\n");
        services.forEach((service, channels) -> channels.map().forEach((channel, figures) -> {
            html.raw("<tr><th scope=\"row\" class=\"text\">")
                    .text(service + " " + channel)
                    .raw("</th>");
            for (String figure : List.of("arrived", "taken", "unmatched", "duplicate", "late", "overflowed")) {
                count(figures.get(figure).count());
            }
            html.raw("</tr>\n");
        }));
        html.raw("</tbody></table></div>\n");
        propagation();
        html.raw("</section>\n");
    }

    private void propagation() {
        html.raw("<p class=\"sub\">Propagation: from when the causing step was sent to when the message came.</p>\n")
                .raw("<div class=\"scroll\"><table><thead><tr><th class=\"text\">Step</th><th>mean ms</th><th>p50</th>")
                .raw("<th>p90</th><th>p95</th><th>p99</th><th>max</th></tr></thead><tbody>\n");
        summary.get("steps")
                .map()
                .forEach((scenario, steps) -> steps.map().forEach((name, step) -> {
                    JsonView times = step.get("propagation_ms");
                    if (times.map().isEmpty()) {
                        return;
                    }
                    html.raw("<tr><th scope=\"row\" class=\"text\">")
                            .text(scenario + " " + name)
                            .raw("</th>");
                    for (String point : List.of("mean", "p50", "p90", "p95", "p99", "max")) {
                        millis(times.get(point));
                    }
                    html.raw("</tr>\n");
                }));
        html.raw("</tbody></table></div>\n");
    }

    /// Where the time of exchanges went, as far as their plugins marked it.
    private void phases() {
        List<String> names = List.of("dns", "connect", "tls", "first_byte", "transfer");
        Map<String, JsonView> known = new LinkedHashMap<>();
        summary.get("steps")
                .map()
                .forEach((scenario, steps) -> steps.map().forEach((name, step) -> {
                    if (!step.get("transfer_ms").map().isEmpty()) {
                        known.put(scenario + " " + name, step);
                    }
                }));
        if (known.isEmpty()) {
            return;
        }
        html.raw("<section><h2>Phases</h2>\n"
                        + "<p class=\"sub\">Mean ms, and the 99th percentile. Opening connections (dns,")
                .raw(" connect, tls) is told of the exchanges that did.</p>\n<div class=\"scroll\"><table><thead><tr>")
                .raw("<th class=\"text\">Step</th>");
        names.forEach(name -> html.raw("<th>").text(name).raw("</th><th>p99</th>"));
        html.raw("</tr></thead><tbody>\n");
        known.forEach((name, step) -> {
            html.raw("<tr><th scope=\"row\" class=\"text\">").text(name).raw("</th>");
            for (String phase : names) {
                JsonView times = step.get(phase + "_ms");
                millis(times.get("mean"));
                millis(times.get("p99"));
            }
            html.raw("</tr>\n");
        });
        html.raw("</tbody></table></div></section>\n");
    }

    private void pools() {
        Map<String, JsonView> pools = summary.get("pools").map();
        if (pools.isEmpty()) {
            return;
        }
        html.raw("<section><h2>Pools</h2>\n"
                        + "<div class=\"scroll\"><table><thead><tr><th class=\"text\">Pool</th><th>Opened</th>")
                .raw("<th>Open failed</th><th>Most in use</th><th>Leases</th><th>Reused</th><th>Errors</th>")
                .raw("<th>wait mean ms</th><th>wait p50 ms</th><th>wait p99 ms</th><th>wait max ms</th><th>Most"
                        + " waiting</th>")
                .raw("<th>Evicted</th><th>Leaked</th></tr></thead><tbody>\n");
        pools.forEach((service, pool) -> {
            poolRow(service, pool, "");
            Map<String, JsonView> hosts = pool.get("hosts").map();
            if (hosts.size() > 1) {
                hosts.entrySet().stream().limit(50).forEach(host -> poolRow(host.getKey(), host.getValue(), " in1"));
            }
        });
        html.raw("</tbody></table></div>\n");
        outages();
        html.raw("</section>\n");
    }

    private void outages() {
        List<JsonView> outages = summary.get("outages").list();
        if (outages.isEmpty()) {
            return;
        }
        html.raw("<p class=\"sub\">When services could not be reached.</p>\n")
                .raw("<div class=\"scroll\"><table><thead><tr><th class=\"text\">Service</th><th"
                        + " class=\"text\">Host</th>")
                .raw("<th class=\"text\">From</th><th class=\"text\">Until</th><th>Attempts</th>")
                .raw("<th class=\"text\">The last failure</th></tr></thead><tbody>\n");
        for (JsonView outage : outages) {
            html.raw("<tr><th scope=\"row\" class=\"text\">")
                    .text(outage.get("service").text())
                    .raw("</th><td class=\"text\">")
                    .text(outage.get("host").text())
                    .raw("</td><td class=\"text\">")
                    .text(outage.get("from").text())
                    .raw("</td><td class=\"text\">")
                    .text(
                            outage.get("until").text().isEmpty()
                                    ? "not yet"
                                    : outage.get("until").text())
                    .raw("</td>");
            count(outage.get("attempts").count());
            html.raw("<td class=\"text\">").text(outage.get("message").text()).raw("</td></tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }

    private void poolRow(String name, JsonView pool, String indent) {
        JsonView waits = pool.get("wait_ms");
        JsonView evicted = pool.get("evicted");
        long max = pool.get("max").count();
        String inUse = Style.count(pool.get("in_use_max").count());
        long evictions =
                evicted.map().values().stream().mapToLong(JsonView::count).sum();
        html.raw("<tr><th scope=\"row\" class=\"text" + indent + "\">")
                .text(name)
                .raw("</th>");
        count(pool.get("opened"));
        count(pool.get("open_failed"));
        cell(
                max > 0 ? inUse + " of " + Style.count(max) : inUse,
                pool.get("in_use_max").number());
        count(pool.get("leases"));
        share(pool.get("reuse_rate"));
        share(pool.get("error_rate"));
        for (String point : List.of("mean", "p50", "p99", "max")) {
            millis(waits.get(point));
        }
        count(pool.get("waiting_max"));
        cell(evicted.isNull() ? "–" : Style.count(evictions), evictions);
        count(pool.get("leaked"));
        html.raw("</tr>\n");
    }

    private void runData() {
        html.raw("<section aria-labelledby=\"h-run\"><h2 id=\"h-run\">What was run</h2>\n<dl>\n");
        entry("run", manifest.get("run_id").text());
        entry("seed", manifest.get("seed").text());
        entry("started", manifest.get("started_at").text());
        entry("ended", manifest.get("ended_at").text());
        entry("system", manifest.get("system").text());
        for (JsonView scenario : manifest.get("scenarios").list()) {
            entry(
                    "scenario",
                    scenario.get("id").text() + ": " + scenario.get("file").text() + " (sha256 "
                            + shortened(scenario.get("sha256").text()) + ")");
        }
        entry("profile", manifest.get("profile").text());
        entry(
                "flags",
                String.join(
                        " ",
                        manifest.get("flags").list().stream()
                                .map(JsonView::text)
                                .toList()));
        manifest.get("load").list().forEach(load -> entry("load", load.text()));
        JsonView shard = manifest.get("shard");
        if (!shard.isNull()) {
            entry(
                    "part",
                    shard.get("index").text() + " of " + shard.get("count").text());
        }
        entry("concurrency", manifest.get("concurrency").text());
        entry("warm-up", warmUp());
        entry("generator", generator());
        entry("arrivals", arrivals());
        entry("exit code", summary.get("exit_code").text());
        entry("Turbulence", manifest.get("turbulence_version").text());
        entry("Java", manifest.get("java_version").text());
        List<String> plugins = new ArrayList<>();
        manifest.get("plugins").map().forEach((name, version) -> plugins.add(name + " " + version.text()));
        entry("plugins", String.join(", ", plugins));
        html.raw("</dl></section>\n");
    }

    private String warmUp() {
        long instances = summary.get("warm_up_instances").count();
        return instances == 0 ? "" : Style.count(instances) + " instances, in no figure here";
    }

    private String generator() {
        JsonView generator = summary.get("generator");
        if (generator.isNull() || generator.get("cpu_max").number() == 0) {
            return "";
        }
        return "CPU " + Style.percent(generator.get("cpu_mean").number()) + ", at most "
                + Style.percent(generator.get("cpu_max").number()) + "; the whole machine "
                + Style.percent(generator.get("machine_cpu_mean").number()) + "; garbage collection at most "
                + Style.count(generator.get("gc_pause_max_ms").count()) + " ms at once; "
                + Style.count(generator.get("pinned").count()) + " virtual threads pinned";
    }

    private String arrivals() {
        JsonView lag = summary.get("schedule_lag_ms");
        return lag.isNull()
                ? ""
                : "began late by " + Style.millis(lag.get("p50").number()) + " ms (p50), "
                        + Style.millis(lag.get("p99").number()) + " ms (p99), "
                        + Style.millis(lag.get("max").number()) + " ms at most";
    }

    private static String shortened(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) : hash;
    }

    private void entry(String name, String value) {
        if (!value.isEmpty()) {
            html.element("dt", name).element("dd", value).raw("\n");
        }
    }
}
