package dev.tidemark.endtoend.violations.compensator;

import org.quartz.Job;

/// Uses Quartz although another class of its module does.
interface QuartzViolation extends Job {}
