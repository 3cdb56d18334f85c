"""Path tracing: surfaces as Mitsuba sees them, lit by the lights of a view, sample after sample."""
