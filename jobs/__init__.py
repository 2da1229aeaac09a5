"""The clock in: plan, render and send what is due."""
