package io.turbulence.core.internal.definition.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The functions an expression may call, by name.
final class Functions {

    interface Body {
        @Nullable
        Object call(Call call, Evaluation evaluation, List<@Nullable Object> arguments);
    }

    /// @param drawn whether it gives another value each time
    /// @param onElements whether its second argument may be a condition on elements, as a text
    record Function(String name, int least, int most, String usage, boolean drawn, boolean onElements, Body body) {}

    private static final DateTimeFormatter INSTANT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern OFFSET = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final int LONGEST_NUMBER = 400;
    private static final Map<String, Function> ALL = Map.ofEntries(
            drawn("uuid", 0, 0, "uuid()", Functions::uuid),
            drawn("now", 0, 1, "now() or now('-15m')", Functions::now),
            drawn("now_ms", 0, 0, "now_ms()", Functions::nowMillis),
            drawn("random_int", 2, 2, "random_int(1, 6)", Functions::randomInt),
            drawn("random_choice", 1, 1, "random_choice(list)", Functions::randomChoice),
            plain("base64", 1, 1, "base64(text)", Functions::base64),
            plain("sha256", 1, 1, "sha256(text)", Functions::sha256),
            plain("hmac_sha256", 2, 3, "hmac_sha256(key, text) or hmac_sha256(key, text, 'base64')", Functions::hmac),
            plain("json", 1, 1, "json(value)", Functions::json),
            plain("url_encode", 1, 1, "url_encode(text)", Functions::urlEncode),
            plain("int", 1, 1, "int(value)", Functions::whole),
            plain("number", 1, 1, "number(value)", Functions::number),
            plain("text", 1, 1, "text(value)", Functions::text),
            plain("len", 1, 1, "len(value)", Functions::size),
            plain("size", 1, 1, "size(value)", Functions::size),
            elements("sum", 1, 2, "sum(list) or sum(list, 'it.price')", Functions::sum),
            elements("min", 1, 20, "min(list), min(a, b) or min(list, 'it.price')", Functions::least),
            elements("max", 1, 20, "max(list), max(a, b) or max(list, 'it.price')", Functions::greatest),
            elements("any", 1, 2, "any(list) or any(list, 'it.price > 3')", Functions::any),
            elements("all", 1, 2, "all(list) or all(list, 'it.price > 3')", Functions::all),
            elements("filter", 2, 2, "filter(list, 'it.price > 3')", Functions::first),
            elements("map", 2, 2, "map(list, 'it.price')", Functions::first),
            plain("upper", 1, 1, "upper(text)", Functions::upper),
            plain("lower", 1, 1, "lower(text)", Functions::lower),
            plain("has", 2, 2, "has(map, 'key')", Functions::has),
            plain("empty", 1, 1, "empty(value)", Functions::empty));

    private Functions() {}

    static @Nullable Function named(String name) {
        return ALL.get(name);
    }

    static Collection<String> names() {
        return ALL.keySet();
    }

    private static Map.Entry<String, Function> plain(String name, int least, int most, String usage, Body body) {
        return Map.entry(name, new Function(name, least, most, usage, false, false, body));
    }

    private static Map.Entry<String, Function> drawn(String name, int least, int most, String usage, Body body) {
        return Map.entry(name, new Function(name, least, most, usage, true, false, body));
    }

    private static Map.Entry<String, Function> elements(String name, int least, int most, String usage, Body body) {
        return Map.entry(name, new Function(name, least, most, usage, false, true, body));
    }

    private static final Set<String> GIVING_NUMBERS =
            Set.of("now_ms", "random_int", "int", "number", "len", "size", "sum");
    private static final Set<String> GIVING_TEXTS =
            Set.of("uuid", "now", "base64", "sha256", "hmac_sha256", "json", "url_encode", "text", "upper", "lower");
    private static final Set<String> GIVING_LISTS = Set.of("filter", "map");

    /// A call of a function.
    static class Call extends Node {
        private final Function function;
        private final List<Node> arguments;

        Call(String source, Function function, List<Node> arguments) {
            super(source);
            this.function = function;
            this.arguments = List.copyOf(arguments);
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            return function.body().call(this, evaluation, arguments(evaluation));
        }

        @Override
        @Nullable
        String neverTruth() {
            String name = function.name();
            if (GIVING_NUMBERS.contains(name)) {
                return "a number";
            }
            if (GIVING_TEXTS.contains(name)) {
                return "a text";
            }
            return GIVING_LISTS.contains(name) ? "a list" : null;
        }

        private List<@Nullable Object> arguments(Evaluation evaluation) {
            List<@Nullable Object> values = new ArrayList<>(arguments.size());
            for (int i = 0; i < arguments.size(); i++) {
                boolean lenient = i == 0
                        && (function.name().equals("has") || function.name().equals("empty"));
                Node argument = arguments.get(i);
                values.add(lenient ? argument.valueIfThere(evaluation) : argument.value(evaluation));
            }
            return values;
        }

        EvaluationException wrong(int argument, @Nullable Object value, String expected) {
            String shown = value instanceof Number || value instanceof CharSequence
                    ? Values.shown(value)
                    : Values.typeName(value);
            return new EvaluationException("\"%s\" needs %s; \"%s\" is %s."
                    .formatted(source(), expected, arguments.get(argument).source(), shown));
        }

        EvaluationException wrongMember(@Nullable Object member, String expected) {
            return new EvaluationException("\"%s\" needs a list of %s; a member of \"%s\" is %s."
                    .formatted(source(), expected, arguments.getFirst().source(), Values.typeName(member)));
        }

        String text(int argument, List<@Nullable Object> values) {
            return switch (values.get(argument)) {
                case CharSequence text -> text.toString();
                case Number number -> Numbers.text(number);
                case null -> throw wrong(argument, null, "a text");
                default -> throw wrong(argument, values.get(argument), "a text");
            };
        }

        byte[] bytes(int argument, List<@Nullable Object> values) {
            return values.get(argument) instanceof byte[] bytes
                    ? bytes
                    : text(argument, values).getBytes(StandardCharsets.UTF_8);
        }

        Collection<?> list(List<@Nullable Object> values) {
            if (values.getFirst() instanceof Collection<?> list) {
                return list;
            }
            throw wrong(0, values.getFirst(), "a list");
        }
    }

    /// A call with a condition on each element: `any(list, 'it.price > 3')`.
    static final class ElementCall extends Call {
        private final String name;
        private final Body body;
        private final Node list;
        private final Node condition;

        ElementCall(String source, Function function, Node list, Node condition) {
            super(source, function, List.of(list, condition));
            this.name = function.name();
            this.body = function.body();
            this.list = list;
            this.condition = condition;
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            Object value = list.value(evaluation);
            if (!(value instanceof Collection<?> members)) {
                throw wrong(0, value, "a list");
            }
            return switch (name) {
                case "any" -> decides(evaluation, members, true);
                case "all" -> !decides(evaluation, members, false);
                default -> body.call(this, evaluation, Collections.singletonList(collect(evaluation, members)));
            };
        }

        /// Whether the condition gives `wanted` for some member.
        private boolean decides(Evaluation evaluation, Collection<?> members, boolean wanted) {
            for (Object member : members) {
                evaluation.tick();
                Object outer = evaluation.enter(member);
                boolean holds = condition.test(evaluation);
                evaluation.enter(outer);
                if (holds == wanted) {
                    return true;
                }
            }
            return false;
        }

        private List<@Nullable Object> collect(Evaluation evaluation, Collection<?> members) {
            List<@Nullable Object> collected = new ArrayList<>();
            boolean filter = name.equals("filter");
            for (Object member : members) {
                evaluation.tick();
                Object outer = evaluation.enter(member);
                if (!filter) {
                    collected.add(condition.value(evaluation));
                } else if (condition.test(evaluation)) {
                    collected.add(member);
                }
                evaluation.enter(outer);
            }
            return Collections.unmodifiableList(collected);
        }
    }

    /// `filter` and `map` are element calls; they pass what they collected.
    private static @Nullable Object first(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return values.getFirst();
    }

    private static Object uuid(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        long high = (evaluation.random() & ~0xf000L) | 0x4000L;
        long low = (evaluation.random() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /// ISO 8601 in UTC, always with milliseconds.
    private static Object now(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        Instant now = evaluation.now();
        if (values.isEmpty()) {
            return INSTANT.format(now);
        }
        String offset = call.text(0, values).strip();
        try {
            return INSTANT.format(now.plus(offset(call, offset)));
        } catch (DateTimeException | ArithmeticException e) {
            throw call.wrong(0, offset, "an offset such as '-15m' or '+1d12h'");
        }
    }

    private static Object nowMillis(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return evaluation.now().toEpochMilli();
    }

    private static Duration offset(Call call, String text) {
        boolean negative = text.startsWith("-");
        String amounts = negative || text.startsWith("+") ? text.substring(1) : text;
        Matcher matcher = OFFSET.matcher(amounts);
        Duration offset = Duration.ZERO;
        int at = 0;
        while (matcher.lookingAt()) {
            long amount = Long.parseLong(matcher.group(1));
            offset = offset.plus(
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
            at = matcher.end();
            matcher.region(at, amounts.length());
        }
        if (at == 0 || at < amounts.length()) {
            throw call.wrong(0, text, "an offset such as '-15m' or '+1d12h'");
        }
        return negative ? offset.negated() : offset;
    }

    private static Object randomInt(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        long least = wholeNumber(call, 0, values);
        long most = wholeNumber(call, 1, values);
        if (least > most) {
            throw new EvaluationException(
                    "\"%s\" goes from %d to %d; the first may not be greater.".formatted(call.source(), least, most));
        }
        long count = most - least + 1;
        long bits = evaluation.random();
        return count == 0 ? bits : least + Math.unsignedMultiplyHigh(bits, count);
    }

    private static long wholeNumber(Call call, int argument, List<@Nullable Object> values) {
        Object value = values.get(argument);
        if (value instanceof Number number
                && Numbers.truncate(number) instanceof Long whole
                && Numbers.same(whole, number)) {
            return whole;
        }
        throw call.wrong(argument, value, "whole numbers");
    }

    private static @Nullable Object randomChoice(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        Collection<?> list = call.list(values);
        if (list.isEmpty()) {
            throw new EvaluationException(
                    "\"%s\" has nothing to choose from: the list is empty.".formatted(call.source()));
        }
        int index = (int) Math.unsignedMultiplyHigh(evaluation.random(), list.size());
        return list instanceof List<?> indexed ? indexed.get(index) : new ArrayList<>(list).get(index);
    }

    private static Object base64(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return evaluation.within(Base64.getEncoder().encodeToString(call.bytes(0, values)));
    }

    private static Object sha256(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(call.bytes(0, values)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object hmac(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        String form = values.size() < 3 ? "hex" : call.text(2, values);
        if (!form.equals("hex") && !form.equals("base64")) {
            throw call.wrong(2, form, "'hex' or 'base64'");
        }
        byte[] key = call.bytes(0, values);
        if (key.length == 0) {
            throw call.wrong(0, "", "a key");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] digest = mac.doFinal(call.bytes(1, values));
            return form.equals("hex")
                    ? HexFormat.of().formatHex(digest)
                    : Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object json(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return Json.text(values.getFirst(), evaluation.limits().textLength());
    }

    private static Object urlEncode(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        String encoded = URLEncoder.encode(call.text(0, values), StandardCharsets.UTF_8);
        return evaluation.within(encoded.replace("+", "%20").replace("*", "%2A").replace("%7E", "~"));
    }

    private static Object text(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return evaluation.text(values.getFirst());
    }

    private static Object upper(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return call.text(0, values).toUpperCase(Locale.ROOT);
    }

    private static Object lower(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return call.text(0, values).toLowerCase(Locale.ROOT);
    }

    private static Object empty(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return Operators.isEmpty(values.getFirst());
    }

    private static Object whole(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        Object value = values.getFirst();
        if (value instanceof Number number) {
            Number whole = Numbers.truncate(number);
            if (whole != null) {
                return whole;
            }
        }
        if (value instanceof CharSequence text && text.length() <= LONGEST_NUMBER) {
            try {
                return Numbers.narrow(new BigInteger(text.toString().strip()));
            } catch (NumberFormatException e) {
                throw call.wrong(0, value, "a whole number, or a text that is one");
            }
        }
        throw call.wrong(0, value, "a whole number, or a text that is one");
    }

    private static Object number(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        Object value = values.getFirst();
        if (value instanceof Number) {
            return value;
        }
        if (value instanceof CharSequence sequence && sequence.length() <= LONGEST_NUMBER) {
            String text = sequence.toString().strip();
            try {
                return text.matches("[+-]?\\d+")
                        ? Numbers.narrow(new BigInteger(text))
                        : (Number) new BigDecimal(text).doubleValue();
            } catch (NumberFormatException e) {
                throw call.wrong(0, value, "a number, or a text that is one");
            }
        }
        throw call.wrong(0, value, "a number, or a text that is one");
    }

    private static Object size(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        Long size = size(values.getFirst());
        if (size == null) {
            throw call.wrong(0, values.getFirst(), "a list, map or text");
        }
        return size;
    }

    static @Nullable Long size(@Nullable Object value) {
        return switch (value) {
            case CharSequence text -> (long) text.length();
            case Collection<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            case byte[] bytes -> (long) bytes.length;
            case null -> null;
            default -> null;
        };
    }

    private static Object sum(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        Number sum = 0L;
        for (Object member : call.list(values)) {
            evaluation.tick();
            if (!(member instanceof Number number)) {
                throw call.wrongMember(member, "numbers");
            }
            sum = Numbers.add(sum, number);
        }
        return sum;
    }

    private static Object least(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return extreme(call, evaluation, values, -1);
    }

    private static Object greatest(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return extreme(call, evaluation, values, 1);
    }

    private static Object extreme(Call call, Evaluation evaluation, List<@Nullable Object> values, int sign) {
        Collection<?> list = values.size() == 1 ? call.list(values) : values;
        Iterator<?> members = list.iterator();
        if (!members.hasNext()) {
            throw new EvaluationException("\"%s\" has no value: the list is empty.".formatted(call.source()));
        }
        Object best = ordered(call, members.next(), null);
        while (members.hasNext()) {
            evaluation.tick();
            Object member = ordered(call, members.next(), best);
            if (order(member, best) * sign > 0) {
                best = member;
            }
        }
        return best;
    }

    private static Object ordered(Call call, @Nullable Object member, @Nullable Object best) {
        if ((member instanceof Number number && !Numbers.isNaN(number) && !(best instanceof CharSequence))
                || (member instanceof CharSequence && !(best instanceof Number))) {
            return member;
        }
        throw new EvaluationException("\"%s\" needs numbers only or texts only; one is %s%s."
                .formatted(
                        call.source(),
                        Values.typeName(member),
                        best == null ? "" : " and another " + Values.typeName(best)));
    }

    private static int order(Object left, Object right) {
        return left instanceof Number a && right instanceof Number b
                ? Numbers.compare(a, b)
                : CharSequence.compare((CharSequence) left, (CharSequence) right);
    }

    private static Object any(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return decides(call, evaluation, values, true);
    }

    private static Object all(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        return !decides(call, evaluation, values, false);
    }

    private static boolean decides(Call call, Evaluation evaluation, List<@Nullable Object> values, boolean wanted) {
        for (Object member : call.list(values)) {
            evaluation.tick();
            if (!(member instanceof Boolean truth)) {
                throw call.wrongMember(member, "true and false");
            }
            if (truth == wanted) {
                return true;
            }
        }
        return false;
    }

    private static Object has(Call call, Evaluation evaluation, List<@Nullable Object> values) {
        Object container = values.getFirst();
        Object key = values.get(1);
        if (container == null) {
            return false;
        }
        if (container instanceof Map<?, ?> map) {
            return key != null && map.containsKey(Values.key(key));
        }
        if (container instanceof List<?> list && key instanceof Number index) {
            return Values.index(list, index) >= 0;
        }
        throw call.wrong(0, container, "a map and a key, or a list and an index");
    }
}
