/// What an SEV launch consists of and what it measures: no machine, no VM.
///
/// [LaunchDigest] is the chain that the SNP firmware keeps; [Firmware] reads what an OVMF image says about itself; [LaunchSteps]
/// says what is loaded, [SnpPlanner] offers both to the engine. [Vmsa] and [HashTable] build the two contents that come from no
/// file. Nothing here keeps state between calls but [LaunchDigest].
@NullMarked
package org.enclosure.snp.launch;

import org.jspecify.annotations.NullMarked;
