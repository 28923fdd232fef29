/// The host's side of memory: address spaces, mappings, pins, and raw physical access.
@NullMarked
package org.enclosure.api.host;

import org.jspecify.annotations.NullMarked;
