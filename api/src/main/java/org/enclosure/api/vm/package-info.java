/// The top of the API: a host, its VMs, and what a VM offers.
@NullMarked
package org.enclosure.api.vm;

import org.jspecify.annotations.NullMarked;
