package dev.tidemark.endtoend.violations.compensator;

import org.quartz.Job;

/// Uses Quartz, as another class of its module does.
interface SecondQuartzViolation extends Job {}
