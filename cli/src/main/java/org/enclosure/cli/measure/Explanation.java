package org.enclosure.cli.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchVariation;
import org.jspecify.annotations.Nullable;

/// Why a digest is not the expected one.
///
/// @param wanted the expected digest in lower-case hex
/// @param equal whether the inputs as given yield it
/// @param change the variation that yields it, or null
/// @param tried the variations that were measured and did not
public record Explanation(String wanted, boolean equal, @Nullable String change, List<String> tried) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

    /// Copies the list.
    public Explanation {
        tried = List.copyOf(tried);
    }

    /// Looks for the nearest variation of the inputs that yields a digest; the algorithm may be what differs.
    ///
    /// @param own what the inputs as given yield
    /// @throws UnusableInput if the text is no digest of the algorithm, nor of that of any variation
    public static Explanation find(LaunchPlanner planner, LaunchInputs inputs, LaunchResult own, String text) {
        String wanted = digits(text, own);
        boolean isDigest = wanted.length() == own.digest().length();
        if (wanted.equals(own.digest())) {
            return new Explanation(wanted, true, null, List.of());
        }
        List<String> tried = new ArrayList<>();
        for (LaunchVariation variation : planner.variations(inputs.options())) {
            String digest = digest(planner, inputs.with(variation.options()));
            if (wanted.equals(digest)) {
                return new Explanation(wanted, false, variation.change(), tried);
            }
            if (digest != null) {
                tried.add(variation.change());
                isDigest |= wanted.length() == digest.length();
            }
        }
        if (!isDigest) {
            throw notADigest(text, own);
        }
        return new Explanation(wanted, false, null, tried);
    }

    /// Whether an explanation was found.
    public boolean found() {
        return equal || change != null;
    }

    /// The explanation in one or more lines.
    public String text() {
        if (equal) {
            return "equal: these inputs yield that digest";
        }
        if (change != null) {
            return "found: " + Escape.visible(change);
        }
        StringBuilder text = new StringBuilder("not found; tried:");
        tried.forEach(one -> text.append("\n  ").append(Escape.visible(one)));
        return text.append(tried.isEmpty() ? " nothing, no input of this launch can be varied" : "").toString();
    }

    /// Null if the image does not allow the variation.
    private static @Nullable String digest(LaunchPlanner planner, LaunchInputs inputs) {
        try {
            return inputs.measure(planner).digest();
        } catch (UnusableInput notThisImage) {
            return null;
        }
    }

    private static String digits(String text, LaunchResult own) {
        String lower = text.toLowerCase(Locale.ROOT);
        String digits = lower.startsWith("0x") ? lower.substring(2) : lower;
        if (!HEX.matcher(digits).matches()) {
            throw notADigest(text, own);
        }
        return digits;
    }

    private static UnusableInput notADigest(String text, LaunchResult own) {
        return new UnusableInput("--explain " + Escape.quote(text) + " is not a digest: " + own.algorithm() + " has "
                + own.digest().length() + " hex digits");
    }
}
