package io.turbulence.core.internal.check;

import io.turbulence.core.internal.check.Figure.Measure;
import io.turbulence.core.internal.check.Figure.OfPool;
import io.turbulence.core.internal.check.Figure.OfRun;
import io.turbulence.core.internal.check.Figure.OfSteps;
import io.turbulence.core.internal.check.Figure.Point;
import io.turbulence.core.internal.check.Figure.PoolFigure;
import io.turbulence.core.internal.check.Figure.StepCount;
import io.turbulence.core.internal.check.Figure.StepFigure;
import io.turbulence.core.internal.check.Figure.Time;
import io.turbulence.core.internal.check.Threshold.Names;
import io.turbulence.core.internal.check.Threshold.Operator;
import io.turbulence.core.internal.check.Threshold.Sense;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `<figure> <op> <value> [over <duration>]`.
final class ThresholdParser {

    private static final Pattern SHAPE =
            Pattern.compile("(?<figure>.*?)\\s*(?<operator><=|>=|==|<|>|!=|=)\\s*(?<value>\\S+(?:\\s*(?:%|ms|s|/s))?)"
                    + "(?:\\s+over\\s+(?<window>\\S.*))?");
    private static final Pattern VALUE = Pattern.compile("(?<number>[-+]?[0-9][0-9_]*(?:\\.[0-9]+)?)\\s*(?<unit>.*)");
    private static final Pattern TIME =
            Pattern.compile("(?<point>[a-z0-9]+)_(?:(?<measure>scheduled|pool_wait)_)?(?<latency>latency_)?ms");
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(5);

    private final String text;
    private final Names names;

    ThresholdParser(String text, Names names) {
        this.text = text;
        this.names = names;
    }

    Threshold parse(Sense sense) {
        Matcher shape = SHAPE.matcher(text.strip());
        if (!shape.matches()) {
            throw problem(
                    "is no condition; expected '<figure> <operator> <value>', such as 'p95_latency_ms < 500'", text, 0);
        }
        Figure figure = figure(shape.group("figure"));
        Operator operator = operator(shape.group("operator"));
        double value = value(shape.group("value"), figure);
        Duration window = window(shape.group("window"), figure);
        return new Threshold(text.strip(), figure, operator, value, window, sense, false, Duration.ZERO);
    }

    private Figure figure(String name) {
        List<String> parts = split(name);
        return switch (parts.getFirst()) {
            case "steps" -> ofSteps(name, parts);
            case "pools" -> ofPool(name, parts);
            default -> ofRun(name);
        };
    }

    private Figure ofRun(String name) {
        return switch (name) {
            case "pass_rate" -> OfRun.PASS_RATE;
            case "error_count", "fail_count" -> OfRun.ERROR_COUNT;
            case "rate_per_s" -> OfRun.RATE_PER_S;
            default -> ofActions(name);
        };
    }

    private Figure ofActions(String name) {
        Time time = time(name);
        if (time == null) {
            throw unknown("figure", name, name, runFigures());
        }
        return new OfSteps(null, null, time);
    }

    private Figure ofSteps(String name, List<String> parts) {
        if (parts.size() < 3) {
            throw problem(
                    "names no step; expected 'steps.<step>.<figure>', such as 'steps.checkout.p99_latency_ms'",
                    name,
                    text.indexOf(name));
        }
        String last = parts.getLast();
        StepFigure figure = stepFigure(last);
        if (figure == null) {
            throw unknown("figure of a step", last, last, stepFigures());
        }
        String path = String.join(".", parts.subList(1, parts.size() - 1));
        Set<String> known = new LinkedHashSet<>();
        for (Names.Step step : names.steps()) {
            if (step.name().equals(path)) {
                return new OfSteps(null, step.name(), figure);
            }
            if ((step.scenario() + "." + step.name()).equals(path)) {
                return new OfSteps(step.scenario(), step.name(), figure);
            }
            known.add(step.name());
        }
        throw unknown("step", path, parts.get(1), known);
    }

    private Figure ofPool(String name, List<String> parts) {
        if (parts.size() < 3) {
            throw problem(
                    "names no pool; expected 'pools.<service>.<figure>', such as 'pools.api.wait_p99_ms'",
                    name,
                    text.indexOf(name));
        }
        String service = String.join(".", parts.subList(1, parts.size() - 1));
        if (!names.services().contains(service)) {
            throw unknown("service", service, service, names.services());
        }
        List<String> known = new ArrayList<>();
        for (PoolFigure figure : PoolFigure.values()) {
            if (figure.key().equals(parts.getLast())) {
                return new OfPool(service, figure);
            }
            known.add(figure.key());
        }
        throw unknown("figure of a pool", parts.getLast(), parts.getLast(), known);
    }

    private static @Nullable StepFigure stepFigure(String name) {
        return switch (name) {
            case "count" -> StepCount.COUNT;
            case "ok" -> StepCount.OK;
            case "failed", "error_count", "fail_count" -> StepCount.FAILED;
            case "error_rate" -> StepCount.ERROR_RATE;
            default -> time(name);
        };
    }

    private static @Nullable Time time(String name) {
        Matcher matcher = TIME.matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        Point point = point(matcher.group("point"));
        String measure = matcher.group("measure");
        boolean latency = matcher.group("latency") != null;
        if (point == null || latency == "pool_wait".equals(measure)) {
            return null;
        }
        return new Time(
                measure == null
                        ? Measure.LATENCY
                        : measure.equals("scheduled") ? Measure.SCHEDULED_LATENCY : Measure.POOL_WAIT,
                point);
    }

    private static @Nullable Point point(String name) {
        for (Point point : Point.values()) {
            if (point.name().toLowerCase(Locale.ROOT).equals(name)) {
                return point;
            }
        }
        return null;
    }

    private Operator operator(String symbol) {
        for (Operator operator : Operator.values()) {
            if (operator.symbol().equals(symbol)) {
                return operator;
            }
        }
        throw problem("is no operator; expected one of '<', '<=', '>', '>=', '=='", symbol, text.indexOf(symbol));
    }

    private double value(String written, Figure figure) {
        int position = text.lastIndexOf(written);
        Matcher matcher = VALUE.matcher(written);
        if (!matcher.matches()) {
            throw problem(
                    "is no number; expected one such as '500'" + (figure.isShare() ? " or '99%'" : ""),
                    written,
                    position);
        }
        double number = Double.parseDouble(matcher.group("number").replace("_", ""));
        String unit = matcher.group("unit");
        if (figure.isShare()) {
            return share(number, unit, written, position);
        }
        if (figure.isTime()) {
            return switch (unit) {
                case "", "ms" -> number;
                case "s" -> number * 1000;
                default ->
                    throw problem(
                            "is no time; expected milliseconds such as '500', '500ms' or '2s'", written, position);
            };
        }
        if (unit.isEmpty() || (unit.equals("/s") && figure == OfRun.RATE_PER_S)) {
            return number;
        }
        throw problem("has an unknown unit; expected a plain number", written, position);
    }

    private double share(double number, String unit, String written, int position) {
        if (!unit.isEmpty() && !unit.equals("%")) {
            throw problem("has an unknown unit; expected a share such as '99%' or '0.99'", written, position);
        }
        double share = unit.equals("%") ? number / 100 : number;
        if (share >= 0 && share <= 1) {
            return share;
        }
        throw problem(
                "is no share; expected 0 to 1 or 0% to 100%"
                        + (unit.isEmpty() && number <= 100 ? ". Did you mean '" + written + "%'?" : ""),
                written,
                position);
    }

    private @Nullable Duration window(@Nullable String written, Figure figure) {
        if (written == null) {
            return null;
        }
        int position = text.lastIndexOf(written);
        Matcher matcher = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(ms|s|m)?").matcher(written.strip());
        if (!matcher.matches()) {
            throw problem("is no duration; expected one such as '10s'", written, position);
        }
        double number = Double.parseDouble(matcher.group(1));
        String unit = matcher.group(2);
        Duration window =
                Duration.ofMillis(Math.round(number * ("m".equals(unit) ? 60_000 : "ms".equals(unit) ? 1 : 1000)));
        if (window.toMillis() < 1000 || window.compareTo(LONGEST_WINDOW) > 0) {
            throw problem("is out of range; a window lasts from 1s to 5m", written, position);
        }
        if (figure instanceof OfPool) {
            throw problem(
                    "cannot be had; figures of pools are of the whole run",
                    "over " + written,
                    text.lastIndexOf("over"));
        }
        return window;
    }

    /// At dots; `steps['a-b']` stands for `steps.a-b`.
    private static List<String> split(String name) {
        String plain = name.replaceAll("\\[\\s*['\"]([^'\"]*)['\"]\\s*]", ".$1");
        return List.of(plain.split("\\.", -1));
    }

    private InvalidThresholdException unknown(String what, String name, String at, Collection<String> known) {
        String near = Near.name(name, known);
        String expected = near != null
                ? "did you mean '" + near + "'?"
                : known.isEmpty() ? "there is none" : "expected one of '" + String.join("', '", known) + "'";
        return new InvalidThresholdException(
                "'" + text.strip() + "': unknown " + what + " '" + name + "'; " + expected,
                Math.max(0, text.indexOf(at)));
    }

    private InvalidThresholdException problem(String what, String subject, int position) {
        String prefix = subject.equals(text) ? "" : "'" + text.strip() + "': ";
        return new InvalidThresholdException(prefix + "'" + subject.strip() + "' " + what, Math.max(0, position));
    }

    private static List<String> runFigures() {
        return List.of(
                "pass_rate",
                "error_count",
                "fail_count",
                "rate_per_s",
                "p50_latency_ms",
                "p90_latency_ms",
                "p95_latency_ms",
                "p99_latency_ms",
                "p999_latency_ms",
                "min_latency_ms",
                "mean_latency_ms",
                "max_latency_ms",
                "steps.<step>.<figure>",
                "pools.<service>.<figure>");
    }

    private static List<String> stepFigures() {
        return List.of(
                "count",
                "ok",
                "failed",
                "error_rate",
                "p50_latency_ms",
                "p90_latency_ms",
                "p95_latency_ms",
                "p99_latency_ms",
                "p999_latency_ms",
                "min_latency_ms",
                "mean_latency_ms",
                "max_latency_ms",
                "p99_scheduled_latency_ms",
                "p99_pool_wait_ms");
    }
}
