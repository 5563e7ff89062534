package io.turbulence.core.internal.result.report;

import io.turbulence.core.internal.result.json.JsonFile;
import io.turbulence.core.internal.result.json.JsonView;
import io.turbulence.core.internal.result.text.Style;
import io.turbulence.spi.ShownText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Failures by kind, each with examples: what was expected, what came, and what happened before.
final class ReportFailures {

    private static final int MOST_KINDS = 100;
    private static final int MOST_STEPS = 60;
    private static final int LONGEST_TREE = 6_000;
    private static final int LONGEST_METADATA = 3_000;

    /// Characters of all examples together, so that the report stays below 2 MB whatever failed.
    private static final int BUDGET = 900_000;

    private final ReportData data;
    private final Html html;

    ReportFailures(ReportData data, Html html) {
        this.data = data;
        this.html = html;
    }

    void write() {
        List<JsonView> errors = data.summary().get("errors").list();
        if (errors.isEmpty()) {
            return;
        }
        int end = html.length() + BUDGET;
        html.raw("<section aria-labelledby=\"h-failures\"><h2 id=\"h-failures\">Failures</h2>\n");
        for (JsonView error : errors.subList(0, Math.min(MOST_KINDS, errors.size()))) {
            kind(error, end);
        }
        if (errors.size() > MOST_KINDS) {
            html.raw("<p class=\"sub\">")
                    .text("… " + (errors.size() - MOST_KINDS) + " more kinds are in summary.json")
                    .raw("</p>\n");
        }
        html.raw("</section>\n");
    }

    private void kind(JsonView error, int end) {
        String file = error.get("file").text();
        html.raw("<details class=\"kind\"><summary><span class=\"count\">")
                .text(Style.count(error.get("count").count()) + " ×")
                .raw("</span>")
                .text(error.get("signature").text())
                .raw("<span class=\"where\">")
                .text(where(error, file))
                .raw("</span></summary>\n<div class=\"example\">");
        html.element("pre", error.get("message").text());
        List<JsonView> examples =
                data.examples().getOrDefault(error.get("signature").text(), List.of());
        int shown = 0;
        for (JsonView example : examples) {
            if (html.length() > end) {
                break;
            }
            example(example);
            shown++;
        }
        if (shown == 0) {
            html.raw("<p class=\"sub\">")
                    .text("for example instance "
                            + error.get("example_instance").text())
                    .raw("</p>");
        }
        html.raw("</div></details>\n");
    }

    private static String where(JsonView error, String file) {
        String step = error.get("step").text();
        String place =
                file.isEmpty() ? "" : " · " + file + ":" + error.get("line").count();
        return step.isEmpty() ? "" : step + place;
    }

    private void example(JsonView example) {
        JsonView instance = example.get("instance");
        html.raw("<details><summary>")
                .text("instance " + instance.get("instance").text() + " · "
                        + instance.get("scenario").text() + " · "
                        + Style.millis(instance.get("duration_ms").number()) + " ms")
                .raw("</summary>\n<dl>");
        entry("instance", instance.get("instance_id").text());
        entry("correlation", instance.get("correlation_id").text());
        entry("trace", traceparent(example));
        entry(
                "again",
                "turbulence replay " + data.run() + " "
                        + instance.get("instance_id").text());
        html.raw("</dl>\n");
        for (JsonView assertion : example.get("assertions").list()) {
            if (!assertion.get("ok").isTrue()) {
                assertion(assertion);
            }
        }
        steps(example);
        html.raw("</details>\n");
    }

    private void assertion(JsonView assertion) {
        html.raw("<dl>");
        entry(
                "expectation",
                assertion.get("step").text() + ": " + assertion.get("subject").text() + " · "
                        + assertion.get("file").text() + ":"
                        + assertion.get("line").count());
        entry("expected", assertion.get("expected").text());
        entry("actual", assertion.get("actual").text());
        html.raw("</dl>\n");
    }

    private void steps(JsonView example) {
        List<JsonView> steps = example.get("steps").list();
        List<JsonView> shown = steps.subList(Math.max(0, steps.size() - MOST_STEPS), steps.size());
        long omitted = example.get("steps_omitted").count() + steps.size() - shown.size();
        if (omitted > 0) {
            html.raw("<p class=\"sub\">")
                    .text(Style.count(omitted) + " earlier steps left out")
                    .raw("</p>");
        }
        for (JsonView step : shown) {
            if (!step.get("skipped").isTrue()) {
                step(step);
            }
        }
    }

    private void step(JsonView step) {
        boolean ok = step.get("ok").isTrue();
        html.raw("<details" + (ok ? "" : " open") + "><summary><span class=\"" + (ok ? "good\">✓" : "bad\">✗")
                        + "</span> ")
                .text(step.get("step").text() + " " + status(step))
                .raw("<span class=\"where\">")
                .text(latency(step))
                .raw("</span></summary>\n");
        step.get("errors").list().forEach(error -> html.element("pre", error.text()));
        tree("request", step.get("request"), LONGEST_METADATA);
        tree("metadata", step.get("metadata"), LONGEST_METADATA);
        tree("payload", step.get("payload"), LONGEST_TREE);
        tree("payloads", step.get("payloads"), LONGEST_TREE);
        tree("extracted", step.get("extracted"), LONGEST_METADATA);
        tree("attempts", step.get("attempts"), LONGEST_METADATA);
        html.raw("</details>\n");
    }

    private static String status(JsonView step) {
        String failure = step.get("failure").text();
        return failure.isEmpty() ? step.get("status").text() : failure;
    }

    private static String latency(JsonView step) {
        JsonView latency = step.get("latency_ms");
        JsonView wait = step.get("pool_wait_ms");
        String text = latency.isNull() ? "" : Style.millis(latency.number()) + " ms";
        return wait.number() < 0.1 ? text : text + " after " + Style.millis(wait.number()) + " ms for a connection";
    }

    private void tree(String name, JsonView tree, int longest) {
        if (isEmpty(tree.value())) {
            return;
        }
        String text = tree.value() instanceof String string ? string : JsonFile.text(tree.value());
        html.raw("<div class=\"faint\">").text(name).raw("</div><pre>");
        if (text.length() <= longest) {
            html.text(text);
        } else {
            String beginning = ShownText.beginning(text, longest);
            html.text(beginning)
                    .text("\n… " + Style.count(text.length() - beginning.length())
                            + " more characters in examples.jsonl");
        }
        html.raw("</pre>\n");
    }

    private static boolean isEmpty(@Nullable Object tree) {
        return switch (tree) {
            case null -> true;
            case Map<?, ?> map -> map.isEmpty();
            case List<?> list -> list.isEmpty();
            default -> false;
        };
    }

    /// Of the newest step that took one along.
    private static String traceparent(JsonView example) {
        String newest = "";
        for (JsonView step : example.get("steps").list()) {
            String traceparent = step.get("traceparent").text();
            newest = traceparent.isEmpty() ? newest : traceparent;
        }
        return newest;
    }

    private void entry(String name, String value) {
        if (!value.isEmpty()) {
            html.element("dt", name).element("dd", value);
        }
    }
}
