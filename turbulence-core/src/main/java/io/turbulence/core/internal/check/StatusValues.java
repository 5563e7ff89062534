package io.turbulence.core.internal.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which values a status can have, as the plugins say that have one of this name.
///
/// @param names  values by the names that people may write for them
/// @param ranges of whole numbers, `[least, most]`
/// @param open   whether some plugin does not say which values there are
public record StatusValues(Map<String, Object> names, List<Range> ranges, boolean open) {

    /// Whole numbers that a status may be.
    public record Range(int least, int most) {}

    /// No value at all.
    public static final StatusValues NONE = new StatusValues(Map.of(), List.of(), false);

    /// These and those of one more plugin.
    ///
    /// @param range null for a plugin that names its values, or does not say which there are
    public StatusValues and(Map<String, Object> moreNames, @Nullable Range range) {
        Map<String, Object> allNames = new LinkedHashMap<>(names);
        allNames.putAll(moreNames);
        List<Range> allRanges = new ArrayList<>(ranges);
        if (range != null) {
            allRanges.add(range);
        }
        return new StatusValues(allNames, allRanges, open || (range == null && moreNames.isEmpty()));
    }

    boolean mayBe(@Nullable Object status) {
        if (open) {
            return true;
        }
        return switch (status) {
            case null -> false;
            case String name -> names.containsKey(name) || isNumber(name);
            case Number number -> mayBe(number);
            default -> false;
        };
    }

    private boolean mayBe(Number number) {
        double value = number.doubleValue();
        return names.values().stream().anyMatch(known -> Values.equal(known, number))
                || (value == Math.rint(value)
                        && ranges.stream().anyMatch(range -> value >= range.least() && value <= range.most()));
    }

    private boolean isNumber(String text) {
        try {
            return mayBe((Number) Integer.valueOf(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /// The value that a name or a number in quotes stands for; another one itself.
    @Nullable
    Object value(@Nullable Object status) {
        if (!(status instanceof String name)) {
            return status;
        }
        return names.containsKey(name) ? names.get(name) : isNumber(name) ? Integer.valueOf(name) : name;
    }

    String description() {
        List<String> all = new ArrayList<>();
        ranges.forEach(range -> all.add("a number from " + range.least() + " to " + range.most()));
        if (!names.isEmpty()) {
            all.add("one of " + String.join(", ", new TreeSet<>(names.keySet())));
        }
        return String.join(", or ", all);
    }
}
