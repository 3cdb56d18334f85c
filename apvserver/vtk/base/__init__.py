"""What everything that touches VTK stands on: errors, messages, arrays, facts about data."""
