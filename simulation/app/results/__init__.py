"""The right side of the page: numbers, and the tabs with what stands behind them."""
