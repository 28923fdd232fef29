package org.enclosure.core.boot;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import com.google.inject.BindingAnnotation;
import org.apiguardian.api.API;

/// Marks the bindings of `java.nio.file.Path` that are places of plugins.
@API(status = EXPERIMENTAL, since = "0.1")
@BindingAnnotation
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface PluginPath {
}
