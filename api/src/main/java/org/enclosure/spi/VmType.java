package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;

import org.apiguardian.api.API;

/// One type of VM that a platform offers.
///
/// @param id lower-case letters, digits and hyphens, unique within its provider
/// @param description one line for people
/// @param traits what is true of all its VMs
/// @param pageStates the names of the states of a guest page, in the architecture's own words; [GuestTable#inspect] answers
///        with an index into this list
@API(status = EXPERIMENTAL, since = "0.1")
public record VmType(String id, String description, VmTraits traits, List<String> pageStates) {
    /// Copies the list.
    public VmType {
        pageStates = List.copyOf(pageStates);
    }
}
