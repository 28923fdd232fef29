/// Launch: which pages of a TDVF image are added and measured, in which order, and what the build measurement (MRTD) is then.
@NullMarked
package org.enclosure.tdx.launch;

import org.jspecify.annotations.NullMarked;
