"""Which settings and parameters a figure hangs on: screening, shares of variance, and the simulator's noise apart."""
