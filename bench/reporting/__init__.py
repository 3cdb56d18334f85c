"""What results become: tables, plots, reports and verdicts."""
