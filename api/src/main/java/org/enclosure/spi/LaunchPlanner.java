package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

import org.apiguardian.api.API;
import org.enclosure.api.Paging;

/// Says what the launch of an image consists of, and what it measures, without a machine.
@API(status = EXPERIMENTAL, since = "0.1")
public interface LaunchPlanner {
    /// The option that every planner knows: the gpa of the image's first byte, decimal or 0x.
    String OPTION_GPA = "gpa";

    /// The steps of launching an image, in measured order.
    ///
    /// @param image read only; its length is a multiple of 4096
    /// @throws IllegalArgumentException if the image or an option cannot be used; the message says what and why
    List<LaunchItem> plan(MemorySegment image, Map<String, String> options);

    /// The digest of those steps.
    LaunchResult measure(List<LaunchItem> items, MemorySegment image, Map<String, String> options);

    /// Inputs near the given ones, the most likely mistakes first: what explains a digest that is not the expected one. Each
    /// is planned and measured as a launch of its own; one that the image does not allow is refused by [#plan] and passed
    /// over.
    ///
    /// @return empty if a launch has no inputs beside its image
    List<LaunchVariation> variations(Map<String, String> options);

    /// The value of [#OPTION_GPA]. Called by planners.
    ///
    /// @param limit the end of guest memory
    /// @throws IllegalArgumentException if it is missing, no number, or not a multiple of 4096 below the limit
    static long imageGpa(Map<String, String> options, long limit) {
        if (!options.containsKey(OPTION_GPA)) {
            throw new IllegalArgumentException(
                    "option gpa is missing: the gpa of the image's first byte, decimal or 0x");
        }
        String legal = "a multiple of 4096 below 0x" + Long.toHexString(limit) + ", decimal or 0x";
        long gpa = OptionValues.parse(options, OPTION_GPA, legal);
        if (gpa < 0 || gpa >= limit || !Paging.isPageAligned(gpa)) {
            throw OptionValues.illegal(options, OPTION_GPA, legal);
        }
        return gpa;
    }
}
