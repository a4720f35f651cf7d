"""What stands in texts, made comparable, without a model: rows of tables, quantities, hours, weekdays and months."""
