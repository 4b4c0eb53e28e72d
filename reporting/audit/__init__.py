"""The auditor's own work on what was declared: populations, draws, results and conclusions."""
