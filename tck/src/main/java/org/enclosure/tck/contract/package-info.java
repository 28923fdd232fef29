/// The contracts, one class per concern. The name of each test starts with the rule of `org.enclosure.spi` that it enforces.
@NullMarked
package org.enclosure.tck.contract;

import org.jspecify.annotations.NullMarked;
