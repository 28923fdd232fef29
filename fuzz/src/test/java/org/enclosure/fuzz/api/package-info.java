/// The arguments of the API.
@NullMarked
package org.enclosure.fuzz.api;

import org.jspecify.annotations.NullMarked;
