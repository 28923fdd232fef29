/// Who decides whether a page may change its kind, and who has to be told: the embedder's side of a conversion.
@NullMarked
package org.enclosure.api.policy;

import org.jspecify.annotations.NullMarked;
