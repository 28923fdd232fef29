/// What KVM does with the TDX module: private faults, removal in two phases, launch, teardown, MapGPA.
@NullMarked
package org.enclosure.tdx.host;

import org.jspecify.annotations.NullMarked;
