package org.enclosure.core.loading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.enclosure.core.plugin.FoundArchitecture;

/// Refuses ids that more than one provider claims: nobody can tell which one was meant.
final class ClaimedIds {
    private final Findings findings;

    /// @param findings where duplicates are added
    ClaimedIds(Findings findings) {
        this.findings = findings;
    }

    /// Those whose id nobody else has.
    List<FoundArchitecture> unique(List<FoundArchitecture> all) {
        Map<String, List<FoundArchitecture>> byId = new LinkedHashMap<>();
        all.forEach(a -> byId.computeIfAbsent(a.id(), _ -> new ArrayList<>()).add(a));
        List<FoundArchitecture> unique = new ArrayList<>();
        byId.forEach((id, claims) -> {
            if (claims.size() == 1) {
                unique.add(claims.getFirst());
            } else {
                reportDuplicate(id, claims);
            }
        });
        return unique;
    }

    private void reportDuplicate(String id, List<FoundArchitecture> claims) {
        String claimants = claims.stream()
                .map(a -> "provider " + a.provider().getClass().getName() + " in " + a.location())
                .collect(Collectors.joining(" and by "));
        findings.error(id, claims.getLast().location(),
                "id '" + id + "' is claimed by " + claimants + "; ids are unique: remove all but one");
    }
}
