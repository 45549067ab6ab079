"""From numbers a board knows to the parameters behind them."""
