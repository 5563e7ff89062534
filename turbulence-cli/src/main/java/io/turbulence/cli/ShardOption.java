package io.turbulence.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which part of a run is meant by `--shard`.
///
/// @param index from 1
record ShardOption(int index, int count) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6}|auto)/(\\d{1,6})");

    /// Variables that tell a job which of many it is, and what the first one is called.
    private static final Map<String, Integer> PLACES = places();

    /// @throws IllegalArgumentException when it is none; the message names the option
    static ShardOption parse(String text, Map<String, String> environment) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("--shard was '" + text
                    + "' but it must be one such as 2/5, the second of five, or auto/5 in a job that knows its index");
        }
        int count = Integer.parseInt(matcher.group(2));
        boolean auto = matcher.group(1).equals("auto");
        int index = auto ? ofJob(text, environment) : Integer.parseInt(matcher.group(1));
        if (index < 1 || index > count) {
            throw new IllegalArgumentException("--shard was '" + text + "'"
                    + (auto ? ", which is " + index + "/" + count + " in this job," : "")
                    + " but parts are counted from 1 to their number: 1/5 to 5/5 of five");
        }
        return new ShardOption(index, count);
    }

    private static int ofJob(String text, Map<String, String> environment) {
        for (Map.Entry<String, Integer> place : PLACES.entrySet()) {
            String value = environment.get(place.getKey());
            if (value == null || value.isBlank()) {
                continue;
            }
            try {
                return Integer.parseInt(value.strip()) - place.getValue() + 1;
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "--shard was '" + text + "' but " + place.getKey() + " is '" + value + "' and no number", e);
            }
        }
        throw new IllegalArgumentException("--shard was '" + text + "' but none of "
                + String.join(", ", PLACES.keySet()) + " is set; name the index, such as 1/5");
    }

    private static Map<String, Integer> places() {
        Map<String, Integer> places = new LinkedHashMap<>();
        places.put("JOB_COMPLETION_INDEX", 0);
        places.put("AWS_BATCH_JOB_ARRAY_INDEX", 0);
        places.put("CI_NODE_INDEX", 1);
        return places;
    }
}
