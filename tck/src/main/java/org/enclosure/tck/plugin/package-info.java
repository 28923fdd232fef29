/// What a plugin tells the kit of itself: how its machines, VMs and launches are set up, and which methods are which operations.
@NullMarked
package org.enclosure.tck.plugin;

import org.jspecify.annotations.NullMarked;
